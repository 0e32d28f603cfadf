import { SlackRefusal } from './errors.ts';

/**
 * The blocks that we send, in the sizes that Slack takes [1]; everything else is refused as Slack refuses what it does not
 * know. [1] https://docs.slack.dev/reference/block-kit/blocks
 */

type Shape = Readonly<Record<string, unknown>>;

const MOST_BLOCKS = { message: 50, view: 100 } as const;

function refuse(why: string): never {
  throw new SlackRefusal('invalid_blocks', { response_metadata: { messages: [`[ERROR] ${why}`] } });
}

function text(given: unknown, place: string, longest: number, types: readonly string[]): void {
  const { type, text: written } = (given ?? {}) as Shape;
  if (!types.includes(String(type))) refuse(`${place}: the text type ${type} is not supported here`);
  if (typeof written !== 'string' || written.length === 0) refuse(`${place}: must be more than 0 characters`);
  if (written.length > longest) refuse(`${place}: must be less than ${longest + 1} characters`);
}

const PLAIN = ['plain_text'];

function button(element: Shape, place: string): void {
  if (element.type !== 'button') refuse(`${place}: the element ${element.type} is not supported by the local Slack`);
  text(element.text, `${place}/text`, 75, PLAIN);
  if (typeof element.action_id !== 'string') refuse(`${place}: action_id is missing`);
  if (String(element.value ?? '').length > 2_000) refuse(`${place}/value: must be less than 2001 characters`);
}

function input(block: Shape, place: string): void {
  text(block.label, `${place}/label`, 2_000, PLAIN);
  if (block.hint !== undefined) text(block.hint, `${place}/hint`, 2_000, PLAIN);
  const element = (block.element ?? {}) as Shape;
  if (element.type === 'plain_text_input') return;
  if (element.type !== 'static_select')
    refuse(`${place}: the element ${element.type} is not supported by the local Slack`);
  const options = element.options as Shape[] | undefined;
  if (!Array.isArray(options) || options.length === 0 || options.length > 100)
    refuse(`${place}/options: must be 1 to 100`);
  for (const one of options) text(one.text, `${place}/options`, 75, PLAIN);
}

export function checkBlocks(blocks: unknown, kind: keyof typeof MOST_BLOCKS): void {
  if (!Array.isArray(blocks)) refuse('no blocks');
  if (blocks.length > MOST_BLOCKS[kind]) refuse(`no more than ${MOST_BLOCKS[kind]} items allowed`);
  for (const [at, block] of (blocks as Shape[]).entries()) {
    const place = `/blocks/${at}`;
    if (block.type === 'section') text(block.text, `${place}/text`, 3_000, ['mrkdwn', 'plain_text']);
    else if (block.type === 'actions') for (const one of block.elements as Shape[]) button(one, place);
    else if (block.type === 'input' && kind === 'view') input(block, place);
    else refuse(`${place}: the block ${block.type} is not supported by the local Slack`);
  }
}

export function checkView(view: Shape): void {
  if (view.type !== 'modal') refuse(`the view ${view.type} is not supported by the local Slack`);
  for (const name of ['title', 'submit', 'close'])
    if (view[name] !== undefined) text(view[name], `/${name}`, 24, PLAIN);
  if (String(view.private_metadata ?? '').length > 3_000) refuse('/private_metadata: too long');
  checkBlocks(view.blocks, 'view');
}
