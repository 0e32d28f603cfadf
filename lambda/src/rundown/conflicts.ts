import { titleOf } from '../../../config/names.ts';
import type { EnvironmentConfig } from '../../../config/schema.ts';
import { MOVES } from '../../../contract/modes.ts';
import type { Armed } from '../model/rundown-record.ts';
import { type Known, membersOf } from '../model/service-names.ts';
import type { ServiceState } from '../model/service-state.ts';
import { heldByAnother } from '../operate/checks.ts';
import type { ArmedStep } from '../store/rundowns.ts';
import { sourceWords } from '../words/operation-words.ts';
import { minuteUtc } from '../words/times.ts';

/** What an armed step would meet, told when it is armed, while the person who arms it is awake. Pure. */

/** Two steps of different sheets on one service, closer than this, are most likely two people who do not know. */
const TOO_CLOSE_MS = 15 * 60_000;

export interface ConflictInputs {
  readonly config: EnvironmentConfig;
  readonly known: Known;
  /** What other release sheets have armed. */
  readonly others: readonly ArmedStep[];
  readonly states: ReadonlyMap<string, ServiceState>;
}

export interface Arming {
  readonly spreadsheetId: string;
  readonly armed: Armed;
  /** The services that it names. */
  readonly services: readonly string[];
}

export const conflictsOf = ({ spreadsheetId, armed, services }: Arming, inputs: ConflictInputs): string[] =>
  services.flatMap((name) => messagesOf(spreadsheetId, armed, name, inputs));

function messagesOf(
  spreadsheetId: string,
  armed: Armed,
  name: string,
  { config, known, others, states }: ConflictInputs,
): string[] {
  const service = config.services.find((one) => one.name === name);
  const state = states.get(name);
  if (!service) return [];
  const held =
    state && heldByAnother(service, state, { requestedBy: armed.requestedBy, spreadsheetId, step: armed.step });
  const near = others.filter(
    (other) =>
      membersOf(known, other.service).includes(name) &&
      Math.abs(Date.parse(other.plannedStart) - Date.parse(armed.at)) <= TOO_CLOSE_MS,
  );
  const ours = { ...armed, plannedStart: armed.at };
  return [...(held ? [held.message] : []), ...near.map((other) => tooClose(titleOf(service), ours, other))];
}

type Told = Pick<ArmedStep, 'step' | 'action' | 'plannedStart' | 'requestedBy'>;

const tooClose = (title: string, ours: Told, theirs: Told): string =>
  `Another release sheet has a step on ${title} within 15 minutes of this: ${inWords(theirs)}. ` +
  `This is ${inWords(ours)}. Talk to each other before either runs.`;

const inWords = ({ step, action, plannedStart, requestedBy }: Told): string =>
  `${sourceWords({ step })} (${MOVES[action].title}) at ${minuteUtc(plannedStart)}, armed by ${requestedBy}`;
