import type { Channel } from '../slack-host.ts';
import { api, follow } from './api.ts';
import { button, byId, h, optionsOf } from './dom.ts';
import { partsOf } from './mrkdwn.ts';

/** A Slack channel in plain HTML: what is typed here goes the way that Slack's own requests go. */

type Shown = Channel['messages'][number] | Channel['ephemerals'][number];

const TAGS = { text: 'span', bold: 'strong', code: 'code' } as const;
const text = (mrkdwn: string): HTMLElement =>
  h('div', { class: 'text' }, ...partsOf(mrkdwn).map((part) => h(TAGS[part.as], {}, part.text)));

const problem = byId('problem');
const fail = (error: unknown) => {
  problem.textContent = error instanceof Error ? error.message : String(error);
};

let channel: Channel | undefined;

const who = h('select', { id: 'who' });
byId('person').append(h('label', { for: 'who' }, 'As '), who);

const send = (act: Parameters<typeof api.act>[0]) => {
  problem.textContent = '';
  api.act(act).catch(fail);
};

function item(message: Shown, { environment, people }: Channel): HTMLElement {
  const buttons = message.blocks
    .flatMap(({ elements = [] }) => elements)
    .map((element) =>
      button(
        element.text.text,
        () => send({ kind: 'press', environment, userId: who.value, ts: message.ts, button: element.action_id }),
        { 'data-style': element.style ?? '' },
      ),
    );
  const sections = message.blocks.flatMap((block) => (block.text ? [text(block.text.text)] : []));
  const alone = 'to' in message ? message.to : undefined;
  const name = people.find(({ id }) => id === alone)?.name;
  const at = new Date(Number(message.ts) * 1_000).toISOString().slice(11, 19);
  const note = `${at} UTC${name === undefined ? '' : ` · only ${name} sees this`}`;
  const marks = {
    ...(alone === undefined ? {} : { 'data-alone': '' }),
    ...('thread' in message && message.thread ? { 'data-thread': '' } : {}),
  };
  const body = sections.length > 0 ? sections : [text(message.text)];
  return h('li', marks, h('strong', {}, 'Drawbridge'), ' ', h('time', {}, note), ...body, ...buttons);
}

interface FormBlock {
  readonly block_id: string;
  readonly label: { readonly text: string };
  readonly hint?: { readonly text: string };
  readonly element: {
    readonly type: string;
    readonly options?: readonly { readonly value: string; readonly text: { readonly text: string } }[];
    readonly initial_option?: { readonly value: string };
  };
}

function formOf({ environment, forms }: Channel): HTMLElement | undefined {
  const open = forms.filter(({ userId }) => userId === who.value).at(-1);
  if (!open) return undefined;
  const fields = (open.view.blocks as FormBlock[]).map(({ block_id, label, hint, element }) => {
    const options = element.options?.map(({ value, text }) => [value, text.text] as const);
    const input = options ? h('select', { name: block_id }, ...optionsOf(options)) : h('input', { name: block_id });
    if (element.initial_option) input.value = element.initial_option.value;
    return { input, shown: h('label', {}, label.text, input, h('span', { class: 'quiet' }, hint?.text ?? '')) };
  });
  const words = open.view as {
    readonly submit?: { readonly text: string };
    readonly close?: { readonly text: string };
  };
  const submit = button(words.submit?.text ?? 'Submit', () => {
    const values = Object.fromEntries(fields.map(({ input }) => [input.name, input.value]));
    send({ kind: 'submit', environment, userId: who.value, fields: values });
  });
  // As in Slack: of a form that is closed the app hears nothing.
  const cancel = button(words.close?.text ?? 'Cancel', () => byId('form').replaceChildren());
  const buttons = h('div', {}, submit, cancel);
  return h('fieldset', {}, h('legend', {}, 'Drawbridge'), ...fields.map(({ shown }) => shown), buttons);
}

let drawn = '';
let drawnForm = '';
function draw(): void {
  if (!channel) return;
  const key = JSON.stringify([channel, who.value]);
  if (key === drawn) return;
  drawn = key;
  const shown: Shown[] = [...channel.messages, ...channel.ephemerals.filter(({ to }) => to === who.value)];
  const root = (one: Shown) => Number(('thread' in one && one.thread) || one.ts);
  shown.sort((a, b) => root(a) - root(b) || Number(a.ts) - Number(b.ts));
  byId('messages').replaceChildren(...shown.map((one) => item(one, channel as Channel)));
  // What was typed into a form stays, whatever is said meanwhile.
  const form = JSON.stringify([channel.forms, who.value]);
  if (form !== drawnForm) byId('form').replaceChildren(...[formOf(channel)].filter((one) => one !== undefined));
  drawnForm = form;
  const main = document.querySelector('main');
  main?.scrollTo(0, main.scrollHeight);
}

async function read(): Promise<void> {
  const { channels } = await api.channels();
  [channel] = channels;
  if (!channel) return fail('No environment has a Slack app.');
  if (who.options.length === 0) who.append(...optionsOf(channel.people.map(({ id, name }) => [id, name])));
  const input = byId('text') as HTMLInputElement;
  input.placeholder = `${channel.command} help`;
  draw();
}

who.addEventListener('change', draw);
byId('compose').addEventListener('submit', (event) => {
  event.preventDefault();
  const input = byId('text') as HTMLInputElement;
  if (!channel) return;
  const { command, environment } = channel;
  const typed = input.value.trim();
  if (typed !== command && !typed.startsWith(`${command} `)) {
    return fail(`Only ${command} does something here, such as ${command} status.`);
  }
  send({ kind: 'command', environment, userId: who.value, text: typed.slice(command.length).trim() });
  input.value = '';
});
follow(
  ({ kind }) => {
    if (kind === 'slack') read().catch(fail);
  },
  () => read().catch(fail),
  () => fail('Not connected. Is npm start still running?'),
);
