import { SnsError } from './errors.ts';

/** `Publish` to a topic, as text. @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export interface Published {
  readonly topicArn: string;
  readonly subject?: string;
  readonly message: string;
}

const KNOWN = new Set(['Action', 'Version', 'TopicArn', 'Subject', 'Message']);
const MOST_BYTES = 262_144;
const LONGEST_SUBJECT = 100;
const CONTROL = /\p{Cc}/u;

/** @throws SnsError - What SNS refuses, in its words; and what is not supported here, by name. */
export function readPublish(form: URLSearchParams): Published {
  const strange = [...form.keys()].find((key) => !KNOWN.has(key));
  if (strange) throw new SnsError('InvalidParameter', `The parameter ${strange} is not supported by the local SNS.`);
  const topicArn = form.get('TopicArn') ?? '';
  const message = form.get('Message') ?? '';
  const subject = form.get('Subject') ?? undefined;
  if (topicArn === '') throw invalid('TopicArn or TargetArn Reason: no value for required parameter');
  if (message === '') throw invalid('Empty message');
  if (Buffer.byteLength(message) > MOST_BYTES) throw invalid('Message too long');
  if (subject !== undefined && isWrong(subject)) throw invalid('Subject');
  return { topicArn, message, ...(subject === undefined ? {} : { subject }) };
}

/** It becomes the subject of e-mails: one line, and less than 100 characters. */
const isWrong = (subject: string): boolean =>
  subject === '' || subject.length >= LONGEST_SUBJECT || CONTROL.test(subject);

const invalid = (what: string): SnsError => new SnsError('InvalidParameter', `Invalid parameter: ${what}`);
