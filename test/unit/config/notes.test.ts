import { notesOn } from '../../../config/notes.ts';
import full from '../../../docs/examples/full.config.ts';
import minimal from '../../../docs/examples/minimal.config.ts';

it('has nothing to say of the example that explains every setting', () => {
  expect(notesOn(full)).toEqual([]);
});

it('says in words that nobody may break the glass, and that no sheet can be connected', () => {
  expect(notesOn(minimal)).toEqual([
    expect.stringContaining('nobody may break the glass: environments.production.breakGlass.principals'),
    expect.stringContaining('npm run connect needs it'),
  ]);
});

it('names operators whom Google may not name: of another domain than the script’s account', () => {
  const { production } = full.environments;
  const operators = ['release.manager@example.com', 'Duty.Manager@EXAMPLE.com', 'vendor@example.org'];
  const notes = notesOn({ ...full, environments: { production: { ...production!, operators } } });
  expect(notes).toEqual([expect.stringContaining('production: vendor@example.org: not of example.com')]);
});
