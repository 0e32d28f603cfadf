/** One JSON object a line, as CloudWatch Logs Insights reads it. Never a token, never a secret. */
export type Log = (level: 'info' | 'warn' | 'error', event: string, facts?: Readonly<Record<string, unknown>>) => void;

export const log: Log = (level, event, facts) => {
  console.log(JSON.stringify({ level, event, ...facts }));
};
