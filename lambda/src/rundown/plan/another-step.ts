import { plainText } from '../../../../contract/status.ts';
import type { RanAs, StepRecord } from '../../model/rundown-record.ts';
import { findNamed, type Known } from '../../model/service-names.ts';
import { stepMessages } from '../../words/step-words.ts';
import { hasWord, isPick, OURS, type Row } from './row.ts';
import { clockWords } from './wall-time.ts';

/**
 * A row is one step for as long as it names the same Service and Action. What it ran before these were changed is no *Done*
 * of what it says now, and comes back when they do. Step, Planned start and what people note beside it do not matter. Pure.
 */

interface Reader {
  readonly known: Known;
  readonly timeZone: string;
}

type Asked = Pick<Row, 'service' | 'action'>;

/** Of a run that began before records had it, nobody knows. */
export const saysAnother = (known: Known, { run, tab }: Pick<StepRecord, 'run' | 'tab'>, now: Asked): boolean =>
  tab === 'rundown' && run?.asked !== undefined && !isSameStep(known, run.asked, now);

function isSameStep(known: Known, one: Asked, other: Asked): boolean {
  if (plainText(one.action) !== plainText(other.action)) return false;
  if (plainText(one.service) === plainText(other.service)) return true;
  const named = findNamed(known, one.service);
  return named !== undefined && named.name === findNamed(known, other.service)?.name;
}

/** What was asked for, in words. */
export const askedWords = (known: Known, { service, action }: Asked): string =>
  `${action.trim()} of ${findNamed(known, service)?.title ?? service.trim()}`;

/** @param now - What its row says. @returns The same record, if that is what it was, or what still runs. */
export function asItSays(reader: Reader, record: StepRecord, now: Asked): StepRecord {
  const { ranAs, run } = record;
  if (ranAs && !saysAnother(reader.known, { ...ranAs, tab: record.tab }, now)) return broughtBack(record, ranAs);
  return run?.isOver && saysAnother(reader.known, record, now) ? setAside(reader, record) : record;
}

/** A row whose own columns still tell of what it ran as another step: nothing of that counts for other steps. */
export function withoutPast(row: Row, { ranAs }: Pick<StepRecord, 'ranAs'>): Row {
  const isOutdated = ranAs !== undefined && row.operation === ranAs.run.id && hasWord(row, ...OURS, 'Done');
  return isOutdated ? { ...row, word: 'Planned', isOutdated } : row;
}

/** The row is known by the id that it still shows, or by what it was told instead. */
export const showsWhatItRan = (row: Row, { ranAs }: StepRecord): boolean =>
  ranAs !== undefined &&
  !isPick(row) &&
  (row.operation === '' ? row.result.includes(ranAs.said) : row.operation === ranAs.run.id);

function setAside({ known, timeZone }: Reader, record: StepRecord): StepRecord {
  const { decided, afterwards, told } = record;
  const run = record.run as RanAs['run'];
  const isOurWord = ENDS.includes(decided.status);
  const said = stepMessages.saysAnother({
    step: askedWords(known, run.asked as Asked),
    by: run.requestedBy,
    at: clockWords(run.startedAt, timeZone),
    // What people set there is theirs, and says nothing of that run.
    status: isOurWord ? decided.status : '',
    id: run.id,
  });
  const status = isOurWord ? 'Planned' : decided.status;
  const cells = { status, result: said, started: '', finished: '', by: '', operation: '' };
  return {
    ...record,
    decided: cells,
    isAnswered: true,
    run: undefined,
    afterwards: undefined,
    question: undefined,
    ranAs: { decided, afterwards, run, said },
    told: [...told, { status: decided.status, operation: decided.operation }],
  };
}

const ENDS: readonly string[] = [...OURS, 'Done'];

function broughtBack(record: StepRecord, { decided, afterwards, run }: RanAs): StepRecord {
  const { status, operation } = record.decided;
  // What people set meanwhile is theirs.
  const cells = status === 'Planned' || ENDS.includes(status) ? decided : { ...decided, status };
  return {
    ...record,
    decided: cells,
    run,
    afterwards,
    ranAs: undefined,
    question: undefined,
    told: [...record.told, { status, operation }],
  };
}
