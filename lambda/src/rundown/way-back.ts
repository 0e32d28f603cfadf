import type { StepRecord } from '../model/rundown-record.ts';
import { type Known, membersOf } from '../model/service-names.ts';
import { stepMessages } from '../words/step-words.ts';
import { actionOf } from './plan/row.ts';

/** By service, how people open it again, in words. */
export type WayBack = (service: string) => string;

/** The first step of the sheet that opens it and was not run yet; else the tab Services, which always can. Pure. */
export const wayBackIn =
  (steps: readonly StepRecord[], known: Known): WayBack =>
  (service) => {
    const [exit] = steps
      .filter(({ tab, seen, missingSince }) => tab === 'rundown' && missingSince === undefined && isExit(seen.action))
      .filter(isToRun)
      .filter(({ seen }) => membersOf(known, seen.service).includes(service))
      .sort((a, b) => a.seen.row - b.seen.row);
    return exit && exit.seen.step.trim() !== ''
      ? stepMessages.wayBackStep(exit.seen.step.trim())
      : stepMessages.wayBackDoNow;
  };

const isExit = (action: string): boolean => actionOf(action) === 'exit';

const TO_RUN = ['', 'Planned', 'Scheduled', 'Go'] as const;
export const isToRun = ({ decided }: StepRecord): boolean => TO_RUN.some((status) => status === decided.status);
