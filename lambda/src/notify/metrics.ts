/** What the reconciler counts in a tick, as the alarms know it. */
const METRICS = [
  'Drift',
  'Unrepaired',
  'Contested',
  'Bypassed',
  'Unreadable',
  'Gone',
  'Orphaned',
  'Unproven',
  'Overdue',
  'MissedStep',
  'TicksStopped',
  'ClosedServices',
] as const;
export type Metric = (typeof METRICS)[number];
export type Counts = Readonly<Partial<Record<Metric, number>>>;

/** @returns The counts as one line in CloudWatch's embedded metric format [1]; nothing when all is quiet.
 * @see [1] https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricsLine(environment: string, counts: Counts, now: number): string | undefined {
  const said = METRICS.filter((name) => (counts[name] ?? 0) > 0);
  if (said.length === 0) return undefined;
  const Metrics = said.map((Name) => ({ Name, Unit: 'Count' }));
  const CloudWatchMetrics = [{ Namespace: 'Drawbridge', Dimensions: [['Environment']], Metrics }];
  const values = Object.fromEntries(said.map((name) => [name, counts[name]]));
  return JSON.stringify({ _aws: { Timestamp: now, CloudWatchMetrics }, Environment: environment, ...values });
}

export const total = (all: readonly Counts[]): Counts =>
  Object.fromEntries(METRICS.map((name) => [name, all.reduce((sum, counts) => sum + (counts[name] ?? 0), 0)]));
