import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { AlarmStatusWidget, Dashboard, GraphWidget, LogQueryWidget, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type Alarms, CONDITIONS, conditionMetric } from './alarms.ts';
import type { Handler } from './handler.ts';

export interface OverviewProps {
  readonly environment: string;
  readonly api: HttpApi;
  readonly apiHandler: Handler;
  readonly reconciler: Handler;
  readonly scheduler: Handler;
  readonly alarms: Alarms;
}

/** One page for the night: what is wrong, what is closed, what was asked, and whether the machinery runs. */
export class Overview extends Construct {
  constructor(parent: Construct, id: string, props: OverviewProps) {
    super(parent, id);
    const { environment, api, apiHandler, reconciler, scheduler, alarms } = props;
    const half = { width: 12, height: 6 };
    const third = { width: 8, height: 6 };
    const sum = { statistic: Stats.SUM, period: Duration.minutes(1) };
    new Dashboard(this, 'Dashboard', {
      dashboardName: `drawbridge-${environment}`,
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms: alarms.all, width: 24, height: 3 })],
        [
          new GraphWidget({
            ...half,
            title: 'Closed services',
            left: [conditionMetric(environment, 'ClosedServices')],
          }),
          new GraphWidget({
            ...half,
            title: 'What needs a person',
            left: Object.keys(CONDITIONS).map((condition) => conditionMetric(environment, condition)),
          }),
        ],
        [
          new LogQueryWidget({
            title: 'Operations',
            width: 24,
            height: 8,
            logGroupNames: [apiHandler, scheduler].map(({ logGroup }) => logGroup.logGroupName),
            queryLines: [
              'fields @timestamp, service, action, state, revision, requestedBy, operationId, code',
              'filter event like /^operation/',
              'sort @timestamp desc',
              'limit 50',
            ],
          }),
        ],
        [
          new GraphWidget({
            ...third,
            title: 'API',
            left: [api.metricCount(sum), api.metricClientError(sum), api.metricServerError(sum)],
            right: [api.metricLatency({ statistic: Stats.p(95) })],
          }),
          ...Object.entries({ Reconciler: reconciler, Scheduler: scheduler }).map(
            ([title, { function: handler }]) =>
              new GraphWidget({
                ...third,
                title,
                left: [handler.metricInvocations(sum), handler.metricErrors(sum)],
                right: [handler.metricDuration({ statistic: Stats.MAXIMUM })],
              }),
          ),
        ],
      ],
    });
  }
}
