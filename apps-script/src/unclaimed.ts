import { REACHED, statusOf } from '../../contract/status.ts';
import { answerTo, answerToPick, type Wanted } from './own-answers.ts';
import type { Ports } from './ports.ts';
import { says } from './sentences.ts';
import { type Board, isStep, type Row } from './sheet/rundown-tab.ts';
import { refreshNames, type World } from './sync.ts';
import { claimOf, namesOf } from './sync-request.ts';

/** What somebody wants run and no environment knows of: the script itself says why it is not. */

const isAsked = (row: Row): boolean => {
  const word = statusOf(row.status);
  return word === 'Go' || (word === 'Scheduled' && isStep(row));
};

const saysUnderWay = ({ status }: Row): boolean => /^(running|unproven)$/i.test(status.trim());
/** Beside what is no step of ours people write what they like. */
const saysItRan = (row: Row): boolean => isStep(row) && /^(accepted|done)$/i.test(row.status.trim());
/** Whether it ran as it says, only who ran it could tell. */
const isLost = (row: Row): boolean => row.operation !== '' && (saysUnderWay(row) || saysItRan(row));
/** What runs has an operation: somebody typed it. Beside what is no step of ours they may. */
const isTyped = (row: Row): boolean => saysUnderWay(row) && row.operation === '' && isStep(row);

/** @param rows - Those that somebody edited, or all of them for a tick. */
export function answerUnclaimed(ports: Ports, world: World, rows: readonly Row[]): Wanted[] {
  const asking = rows.filter((row) => isAsked(row) || isLost(row) || isTyped(row));
  const unclaimed = () => asking.filter((row) => claimOf(world.connections, row) === undefined);
  if (unclaimed().some((row) => !isLost(row) && row.service.trim() !== '')) refreshNames(ports, world);
  const names = namesOf(world.connections);
  return unclaimed().flatMap((row) => {
    const answer = wordsFor(row, names);
    return answer.result === row.result && answer.status === undefined ? [] : [answerTo(row, answer)];
  });
}

function wordsFor(row: Row, names: readonly string[]): { readonly status?: string; readonly result: string } {
  const service = row.service.trim();
  if (isLost(row)) return { result: says.cannotAsk(service, row.operation, names) };
  if (!isStep(row)) return { status: 'Planned', result: says.noAction };
  const result = service === '' ? says.chooseService(names) : says.unknownService(service, names);
  return { status: isAsked(row) ? 'Failed' : 'Planned', result };
}

/** Steps that nobody can rehearse: that all would go well must not be said over their heads. */
export function rehearseUnclaimed(ports: Ports, world: World, rows: readonly Row[]): Wanted[] {
  const unclaimed = () =>
    rows.filter((row) => row.action.trim() !== '' && claimOf(world.connections, row) === undefined && !isOver(row));
  if (unclaimed().length > 0) refreshNames(ports, world);
  const names = namesOf(world.connections);
  return unclaimed().map((row) => {
    const service = row.service.trim();
    const why = service === '' ? says.chooseService(names) : says.unknownService(service, names);
    return answerTo(row, { result: says.rehearsed(why) });
  });
}

const isOver = ({ status }: Row): boolean => [...REACHED, 'Skipped'].includes(statusOf(status) ?? '');

/** Picks of the tab Services, in rows whose Service somebody wrote over. */
export function answerUnclaimedPicks(ports: Ports, world: World, picks: Board['rows']): Wanted[] {
  const unclaimed = () =>
    picks.filter((pick) => pick.action.trim() !== '' && claimOf(world.connections, pick) === undefined);
  if (unclaimed().length > 0) refreshNames(ports, world);
  const names = namesOf(world.connections);
  return unclaimed().map((pick) => {
    const service = pick.service.trim();
    const result = service === '' ? says.chooseService(names) : says.unknownService(service, names);
    return answerToPick(pick, { status: 'Failed', result, pick: '' });
  });
}
