import { BenchSheet, configOf, deploy, nightOn, provisionVirtually } from '../deployment/deployment.ts';
import { createPacedWaf, reference } from '../deployment/paced-waf.ts';
import type { Closer } from './closers.ts';

/** Drawbridge: all web ACLs of a service refer to its rule group, and an edit of the sheet goes through the API's routes. */
export const drawbridge: Closer = {
  async prepare(aws, services, webAcls) {
    const config = configOf(services);
    const arns = await provisionVirtually(aws, config);
    const waf = createPacedWaf(aws);
    for (const [at, arn] of arns.entries()) {
      for (let one = 0; one < webAcls; one += 1) await waf.createWebAcl(`usual-${at}-${one}`, [reference(arn)]);
    }
    const deployment = deploy(aws, config);
    const api = deployment.instance();
    const night = (id: string) => {
      const sheet = new BenchSheet(aws, api, nightOn(config), id);
      return async (action: string) => {
        await sheet.go(action);
        await deployment.settled();
      };
    };
    // A night before: the instance is warm, and knows the groups.
    const before = night('release-41');
    await before('Enter maintenance');
    await before('Exit maintenance');
    const run = night('release-42');
    return { close: () => run('Enter maintenance'), open: () => run('Exit maintenance') };
  },
};
