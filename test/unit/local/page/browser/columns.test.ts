import { ACTIONS, MOVES } from '../../../../../contract/modes.ts';
import { type Column, chipColours, columnsOf } from '../../../../../local/page/browser/columns.ts';

const RUNDOWN = ['Step', 'Status', 'Service', 'Our own column', 'Action', 'Result'];
const column = (headers: string[], name: string) => columnsOf(headers).find(({ header }) => header === name);
const offered = (headers: string[], name: string) => column(headers, name)?.choices(['shop']);

describe('the columns of a rundown', () => {
  it('are found by their header in any order, with others in between', () => {
    expect(columnsOf(RUNDOWN).map(({ kind }) => kind)).toEqual(['text', 'choice', 'choice', 'text', 'choice', 'long']);
    expect(
      columnsOf(RUNDOWN)
        .filter(({ ours }) => ours)
        .map(({ header }) => header),
    ).toEqual(['Result']);
  });

  it('offer every action that the contract knows, the services there are, and every status', () => {
    expect(offered(RUNDOWN, 'Action')).toEqual(ACTIONS.map((action) => MOVES[action].title));
    expect(offered(RUNDOWN, 'Service')).toEqual(['shop']);
    expect(offered(RUNDOWN, 'Status')).toEqual(expect.arrayContaining(['Planned', 'Go', 'Unproven']));
  });

  it('show a status in the colours of the template, and nothing else in them', () => {
    const [status, action] = ['Status', 'Action'].map((name) => column(RUNDOWN, name)) as [Column, Column];
    expect(chipColours(status, 'Failed')).toMatchObject({ background: '#c5221f', text: '#ffffff' });
    expect(chipColours(status, 'Whatever')).toBeUndefined();
    expect(chipColours(action, 'Failed')).toBeUndefined();
  });

  it('are plain text on other tabs, where a Service is no choice', () => {
    expect(column(['Service', 'Mode'], 'Service')?.kind).toBe('text');
  });
});
