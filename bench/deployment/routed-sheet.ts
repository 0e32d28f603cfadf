import type { SyncAnswer } from '../../contract/sync-answer.ts';
import type { SyncRequest } from '../../contract/sync-request.ts';
import type { ApiDependencies } from '../../lambda/src/api/dependencies.ts';
import { answer } from '../../lambda/src/api/routes.ts';
import { type Line, Terminal } from '../../test/unit/lambda/rundown/terminal.ts';

/** A release sheet whose syncs go through the API's routes, by a clock that goes on by sleeping alone. */
export class RoutedSheet extends Terminal {
  private readonly api: ApiDependencies;

  constructor(api: ApiDependencies, now: () => number, lines: Line[], id = 'release-42') {
    const clock = {
      get now() {
        return now();
      },
      set now(_at: number) {},
    };
    super({ clock, deps: api, minute: async () => {} }, id, lines);
    this.api = api;
  }

  override async send(request: SyncRequest): Promise<SyncAnswer> {
    const body = JSON.stringify(request);
    const event = { routeKey: 'POST /rundowns/{id}/sync', headers: {}, pathParameters: { id: this.id }, body };
    const { statusCode, body: said } = await answer(this.api, event);
    if (statusCode !== 200) throw new Error(`The sync was answered with ${statusCode}: ${said}`);
    return JSON.parse(said);
  }
}
