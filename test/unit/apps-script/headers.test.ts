import { eachNight, MANAGER, type Night, SHEET } from './night.ts';

let night: Night;
eachNight((made) => {
  night = made;
});

const posts = () => night.api.received.length;
const result = (step: number) => String(night.value(step, 'Result'));

describe('headers', () => {
  it('columns may stand in any order, with others between', () => {
    const order = ['Operation', 'Status', 'Note', 'Step', 'Service', 'By', 'Action', 'Result', 'Planned start'];
    const all = [...order, 'Finished', 'Started', 'Task', 'Owner'];
    const old = night.cells.map((line) => Object.fromEntries(line.map((cell, at) => [night.cells[0]?.[at], cell])));
    const cells = old.map((line, at) => all.map((name) => (at === 0 ? ` ${name.toUpperCase()} ` : (line[name] ?? ''))));
    cells[0] = all;
    night.google.books.get(SHEET)?.set('Rundown', cells as string[][]);
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Done');
    expect(night.value(2, 'Note')).toBe('');
  });

  it('a missing header is told in Result, and nothing is run', () => {
    const column = night.column('Status');
    night.google.type(SHEET, 1, night.column('Action'), [['What']]);
    night.google.edit(SHEET, 3, column, [['Go']], MANAGER);
    expect(result(2)).toContain('"Action"');
    expect(posts()).toBe(0);
  });

  it('without Result it is told in a note', () => {
    night.google.type(SHEET, 1, night.column('Result'), [['Outcome']]);
    night.go(2);
    expect(night.google.notes.get('Rundown!3,7')).toContain('"Result"');
    expect(posts()).toBe(0);
  });

  it('renaming a header is answered at once, where it was done', () => {
    const column = night.column('Status');
    night.google.edit(SHEET, 1, column, [['State']], MANAGER);
    expect(night.google.notes.get(`Rundown!1,${column}`)).toContain('"Status"');
  });
});
