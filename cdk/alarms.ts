import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Metric as ReportedMetric } from '../lambda/src/notify/metrics.ts';

/** What the reconciler writes as metrics into its log, and what a person should do when one is not zero. */
export const CONDITIONS = {
  Drift: 'Somebody changed the rules of a closed service; they were put back. Find out who, or it happens again.',
  Contested:
    'Somebody changes the rules of a closed service again and again. Drawbridge gave way: decide who is right.',
  Unrepaired:
    'Somebody changed the rules of a service, and WAF does not take ours: it may be open. Look at it yourself.',
  Bypassed: 'Visitors get in to a closed service: something leads around its rules, or they are gone. Call its team.',
  Unreadable: 'The rules of a service cannot be read: nobody knows whether it is closed. Look at it yourself.',
  Gone: 'A rule group or an IP set of a service does not exist any more: nothing closes it. Create it again.',
  Orphaned: 'A service is closed and no longer in the config: visitors stay out until somebody opens it.',
  Unproven: 'A service should be closed or open, and the probes do not agree. Do not rely on it; look at it yourself.',
  Overdue: 'A service is closed past its planned end. Open it, or move the end.',
  MissedStep: 'A scheduled step did not run. Nothing will run it now: set it to Go if it is still wanted.',
  TicksStopped: 'A release sheet with armed steps is not heard from. See to its script’s trigger, or work by hand.',
} as const satisfies Readonly<Record<Exclude<ReportedMetric, 'ClosedServices'>, string>>;

const MINUTE = Duration.minutes(1);

export const conditionMetric = (environment: string, metricName: string): Metric =>
  new Metric({
    namespace: 'Drawbridge',
    metricName,
    dimensionsMap: { Environment: environment },
    statistic: Stats.MAXIMUM,
    period: MINUTE,
  });

export interface AlarmsProps {
  readonly environment: string;
  readonly api: HttpApi;
  readonly apiHandler: IFunction;
  readonly reconciler: IFunction;
  readonly scheduler: IFunction;
  readonly slack?: IFunction | undefined;
  readonly chat?: IFunction | undefined;
  readonly topic: ITopic;
}

/** What calls a person when nobody looks: what the reconciler found, and that it can look at all. */
export class Alarms extends Construct {
  readonly all: Alarm[] = [];
  readonly #environment: string;
  readonly #action: SnsAction;

  constructor(parent: Construct, id: string, props: AlarmsProps) {
    super(parent, id);
    const { environment, api, apiHandler, reconciler, scheduler, slack, chat, topic } = props;
    this.#environment = environment;
    this.#action = new SnsAction(topic);
    const perMinute = { period: MINUTE, statistic: Stats.SUM };

    for (const [condition, remedy] of Object.entries(CONDITIONS)) {
      this.#add(condition, remedy, {
        metric: conditionMetric(environment, condition),
        threshold: 1,
        evaluationPeriods: 1,
      });
    }
    const silence = {
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 5,
      treatMissingData: TreatMissingData.BREACHING,
    };
    this.#add(
      'ReconcilerSilent',
      'The reconciler has not run for five minutes: nothing is repaired or proven. See its rule.',
      { metric: reconciler.metricInvocations(perMinute), ...silence },
    );
    this.#add(
      'SchedulerSilent',
      'The scheduler has not run for five minutes: no armed step runs. See its rule; set what is due to Go by hand.',
      { metric: scheduler.metricInvocations(perMinute), ...silence },
    );
    const threeOfFive = { threshold: 1, evaluationPeriods: 5, datapointsToAlarm: 3 };
    this.#add('ReconcilerErrors', 'The reconciler fails: nothing is repaired or proven. Its log says why.', {
      metric: reconciler.metricErrors(perMinute),
      ...threeOfFive,
    });
    this.#add(
      'SchedulerErrors',
      'The scheduler fails: armed steps may not run. Its log says why; set what is due to Go by hand.',
      // A step waits at most ten minutes: twice in a row is enough.
      { metric: scheduler.metricErrors(perMinute), threshold: 1, evaluationPeriods: 2 },
    );
    this.#add('SchedulerThrottled', 'Two schedulers are busy already: armed steps may run late. Its log says why.', {
      metric: scheduler.metricThrottles(perMinute),
      ...threeOfFive,
    });
    this.#add('ReconcilerThrottled', 'The reconciler takes longer than its minute. Its log says what is slow.', {
      metric: reconciler.metricThrottles(perMinute),
      ...threeOfFive,
    });
    this.#add('ApiErrors', 'The sheet’s requests fail. Use the break-glass command; the handler’s log says why.', {
      metric: api.metricServerError({ ...perMinute, period: Duration.minutes(5) }),
      threshold: 3,
      evaluationPeriods: 1,
    });
    this.#add(
      'ApiThrottled',
      'Lambda turns the sheet’s requests away: see the account’s limit of concurrent executions.',
      {
        metric: apiHandler.metricThrottles(perMinute),
        threshold: 1,
        evaluationPeriods: 1,
      },
    );
    if (slack) {
      this.#add('SlackErrors', 'What people ask in Slack fails: use the release sheet. Its log says why.', {
        metric: slack.metricErrors(perMinute),
        ...threeOfFive,
      });
    }
    if (chat) {
      this.#add('ChatErrors', 'What people ask in the chat channel fails: use the release sheet. Its log says why.', {
        metric: chat.metricErrors(perMinute),
        threshold: 1,
        evaluationPeriods: 1,
      });
    }
  }

  #add(name: string, alarmDescription: string, props: Omit<AlarmProps, 'alarmName' | 'alarmDescription'>): void {
    const alarm = new Alarm(this, name, {
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...props,
      alarmName: `drawbridge-${this.#environment}-${name}`,
      alarmDescription,
    });
    alarm.addAlarmAction(this.#action);
    this.all.push(alarm);
  }
}
