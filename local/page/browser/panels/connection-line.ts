import type { Standing } from '../connection.ts';
import { byId, setText } from '../dom.ts';

/** Below the name of the sheet: whether what is set in it is run. Where nothing is, above its cells too, at every width. */
export function createConnection() {
  let isUp = false;
  let standing: Standing | undefined;
  const show = () => {
    const line = byId('connection');
    const alarm = byId('not-connected');
    const isAlarm = isUp && standing !== undefined && !standing.isLive;
    const words = isUp
      ? (standing?.words ?? 'Connecting…')
      : 'Nothing here is live: the local stack does not answer. Is npm start still running?';
    setText(line, isAlarm ? 'NOT CONNECTED' : words);
    line.dataset.level = isUp && standing?.isLive ? 'live' : 'lost';
    alarm.hidden = !isAlarm;
    setText(alarm, isAlarm ? words : '');
  };
  return {
    up(): void {
      isUp = true;
      show();
    },
    lost(): void {
      isUp = false;
      show();
    },
    stand(now: Standing): void {
      standing = now;
      show();
    },
  };
}
