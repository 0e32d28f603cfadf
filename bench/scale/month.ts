import { HOURS_A_MONTH, LAMBDA_GB, MINUTES_A_MONTH, PRICES } from '../prices.ts';
import type { Execution, Kind } from './scale.ts';

/** What a month costs, from what single executions ask for. */
export interface Month {
  readonly table: number;
  readonly lambda: number;
  readonly signIn: number;
  readonly alarms: number;
  /** One reference in one web ACL a service. */
  readonly wafRules: number;
}

/** One release night a week, of four hours: a sheet syncs each minute then, and each hour else. */
const NIGHT_HOURS = 4 * 4.35;
/** As cdk/alarms.ts has them, and as many metrics; rounded up. */
const ALARMS = 15;

export function monthOf(executions: readonly Execution[]): Month {
  const one = (kind: Kind) => executions.find((execution) => execution.kind === kind) as Execution;
  const nightMinutes = NIGHT_HOURS * 60;
  const times: readonly (readonly [Kind, number])[] = [
    ['tick, all open', MINUTES_A_MONTH - nightMinutes],
    ['tick, up to 20 closed', nightMinutes],
    ['scheduler', MINUTES_A_MONTH],
    ['sync at rest', nightMinutes + HOURS_A_MONTH],
    // The tab Services is made anew with about as many reads.
    ['GET /services', nightMinutes + HOURS_A_MONTH],
  ];
  const sum = (of: (execution: Execution) => number) =>
    times.reduce((all, [kind, count]) => all + count * of(one(kind)), 0);
  const millions = (of: (execution: Execution) => number) => sum(of) / 1_000_000;
  return {
    table:
      millions(({ readUnits }) => readUnits) * PRICES.millionReadUnits +
      millions(({ writeUnits }) => writeUnits) * PRICES.millionWriteUnits,
    lambda:
      sum(({ ms }) => ms / 1_000) * LAMBDA_GB * PRICES.lambdaGbSecond + millions(() => 1) * PRICES.millionInvocations,
    signIn: PRICES.cognitoClientMonth + (HOURS_A_MONTH / 1_000) * PRICES.thousandTokens,
    alarms: ALARMS * (PRICES.alarmMonth + PRICES.metricMonth),
    wafRules: (executions[0]?.services ?? 0) * PRICES.wafRuleMonth,
  };
}
