import { at, createWorld, DUTY, Terminal, type World } from './terminal.ts';

/** What an armed step would meet is told when it is armed: whoever armed it is still awake. */

let world: World;
let sheet: Terminal;
let other: Terminal;
beforeEach(() => {
  world = createWorld();
  sheet = new Terminal(world);
  other = new Terminal(world, 'release-43');
});

const arm = async (step: string, minute: number, where = sheet, by?: string) => {
  await where.move(step, at(minute));
  await where.set(step, 'Scheduled', by);
  expect(where.step(step).status).toBe('Scheduled');
  return where.step(step).result;
};

describe('a conflict is told when a step is armed', () => {
  it('by somebody who is no operator: then it is not armed', async () => {
    await sheet.set('2', 'Scheduled', 'intern@example.com');
    expect(sheet.step('2').status).not.toBe('Scheduled');
    expect(sheet.step('2').result).toMatch(/intern@example.com is not an operator/);
  });

  it('on a service that is unknown, with the known ones: then it is not armed', async () => {
    sheet.step('2').service = 'Shpo!';
    await sheet.set('2', 'Scheduled');
    expect(sheet.step('2').status).not.toBe('Scheduled');
    expect(sheet.step('2').result).toContain('shop');
  });

  it('on a service that another sheet holds', async () => {
    await other.set('2', 'Go');
    expect(await arm('8', 30)).toMatch(/another release sheet.*step 2.*step 8/s);
  });

  it('on a service for which another sheet has armed a step within 15 minutes, naming both', async () => {
    await arm('7', 45, other, DUTY);
    expect(await arm('2', 30)).toMatch(/step 7.*02:45 UTC.*duty.manager@example.com.*step 2.*02:30 UTC/s);
  });

  it('on a member of a group for which another sheet has armed a step', async () => {
    await arm('9', 45, other, DUTY);
    sheet.step('2').service = 'storefront';
    expect(await arm('2', 30)).toMatch(/step on Payments within 15 minutes/);
  });

  it.each([
    ['a step of another sheet that is sixteen minutes away', '2', 46],
    ['a step of another sheet on another service', '9', 30],
  ])('but not because of %s', async (_what, step, minute) => {
    await arm(step, minute, other);
    expect(await arm('2', 30)).not.toContain('Another release sheet');
  });

  it('but not because of the sheet’s own steps, nor because it holds the service itself', async () => {
    await sheet.set('2', 'Go');
    await arm('7', 25);
    expect(await arm('8', 30)).not.toMatch(/[Aa]nother release sheet/);
  });
});
