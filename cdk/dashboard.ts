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
  readonly alarms: Alarms;
}

/** One page for the night: what is wrong, what is closed, what was asked, and whether the machinery runs. */
export class Overview extends Construct {
  constructor(parent: Construct, id: string, { environment, api, apiHandler, reconciler, alarms }: OverviewProps) {
    super(parent, id);
    const half = { width: 12, height: 6 };
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
            logGroupNames: [apiHandler.logGroup.logGroupName],
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
            ...half,
            title: 'API',
            left: [api.metricCount(sum), api.metricClientError(sum), api.metricServerError(sum)],
            right: [api.metricLatency({ statistic: Stats.p(95) })],
          }),
          new GraphWidget({
            ...half,
            title: 'Reconciler',
            left: [reconciler.function.metricInvocations(sum), reconciler.function.metricErrors(sum)],
            right: [reconciler.function.metricDuration({ statistic: Stats.MAXIMUM })],
          }),
        ],
      ],
    });
  }
}
