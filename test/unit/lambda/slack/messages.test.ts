import type { ServiceStatus } from '../../../../contract/services.ts';
import { knownServices } from '../../../../lambda/src/model/service-names.ts';
import { formView } from '../../../../lambda/src/slack/form.ts';
import {
  boardMessage,
  linesMessage,
  noticeMessage,
  plainMessage,
  progressMessage,
  questionMessage,
  statusMessage,
} from '../../../../lambda/src/slack/messages.ts';
import type { SlackMessage } from '../../../../lambda/src/slack/web-api.ts';
import { checkBlocks, checkView } from '../../../../local/slack/blocks.ts';
import { environmentOf } from '../../../builders.ts';

/** What we say fits into what Slack takes, however much it is, and what people are called is never a link. */

const NOW = Date.parse('2026-11-22T02:00:00Z');
const proof = { state: 'verified' as const, probes: 9, agree: 9, disagree: 0, open: 0, unknown: 0 };
const status = (index: number, more: Partial<ServiceStatus> = {}): ServiceStatus => ({
  ...{ service: `service-${index}`, title: `Service <!channel> ${index}`, mode: 'normal', revision: 2, proof },
  ...{ targets: [], operators: [], drift: [], ...more },
});
const many = Array.from({ length: 500 }, (_none, index) => status(index));
const closed = { mode: 'maintenance' as const, by: 'release.manager@example.com' };
const told = many.map(({ title }) => ({ state: 'accepted' as const, message: `${title}: ${'x'.repeat(150)}` }));
const question = {
  environment: 'production',
  action: 'enter' as const,
  statuses: many,
  ranges: Array(200).fill('192.0.2.7/32'),
  email: 'release.manager@example.com',
};

it.each<[string, SlackMessage]>([
  ['the status of 500 services', statusMessage(many, NOW)],
  ['the progress of 500 services', progressMessage('Enter maintenance', told)],
  ['the question about 500 services', questionMessage(question, 'production-00000001', false)],
  [
    'a service that much is known of',
    boardMessage(status(1, { by: 'x'.repeat(5_000), since: '2026-11-22T00:00:00Z' }), 'production', NOW),
  ],
  [
    'a call that is long',
    noticeMessage({ subject: 'x'.repeat(200), message: 'y'.repeat(4_000), service: 'shop' }, 'id'),
  ],
])('%s fits', (_what, { text, blocks }) => {
  checkBlocks(JSON.parse(JSON.stringify(blocks)), 'message');
  expect(JSON.stringify([text, blocks])).not.toContain('<!channel>');
});

it('tells first of what is not simply open, where there are too many to tell of', () => {
  const message = statusMessage([...many, status(500, closed)], NOW);
  expect(message.text).toMatch(/^Service &lt;!channel&gt; 500: Closed; /);
  expect(message.text).toContain('461 more');
});

it('offers a form that fits, of as many services as Slack shows', () => {
  const config = environmentOf();
  const [shop] = config.services;
  const services = many.map(({ service }) => ({ ...shop, name: service, title: 't'.repeat(90) }));
  const known = knownServices({ ...config, services: services as typeof config.services });
  const view = JSON.parse(JSON.stringify(formView(known, 'C0123456789', 'exit')));
  checkView(view);
  expect(view.blocks[0].element.initial_option.value).toBe('exit');
});

it('a list stands under a title, and nothing in either becomes markup', () => {
  const { text, blocks } = linesMessage(['Armed for the night', '• step 2 of <!channel>']);
  expect(text).toBe('Armed for the night\n• step 2 of &lt;!channel&gt;');
  expect(blocks).toEqual([
    { type: 'section', text: { type: 'mrkdwn', text: '*Armed for the night*\n• step 2 of &lt;!channel&gt;' } },
  ]);
});

it('a section is cut where Slack would refuse it, and not before', () => {
  const shown = (length: number) => JSON.stringify(plainMessage('x'.repeat(length)).blocks);
  expect(shown(3_000)).toContain(`"${'x'.repeat(3_000)}"`);
  expect(shown(3_001)).toContain(`"${'x'.repeat(2_999)}…"`);
});

it('lines stand in as few sections as hold them, each whole', () => {
  const lines = Array.from({ length: 5 }, (_none, at) => `${at}`.repeat(1_400));
  const { blocks } = linesMessage(['Title', ...lines]);
  const texts = blocks.map((block) => (block.type === 'section' ? block.text?.text : undefined));
  expect(texts).toEqual([`*Title*\n${lines[0]}\n${lines[1]}`, ...[`${lines[2]}\n${lines[3]}`, lines[4]]]);
});
