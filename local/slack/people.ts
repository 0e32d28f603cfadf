import { INTERN, RELEASE_MANAGER } from '../people.ts';

/** Who is in the local workspace, as `users.info` tells of them. */

export interface SlackPersonFacts {
  readonly id: string;
  readonly name: string;
  readonly team_id: string;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly is_bot?: boolean;
  readonly is_stranger?: boolean;
  readonly is_email_confirmed?: boolean;
  readonly profile: { readonly real_name: string; readonly email?: string };
}

export const OTHER_TEAM = 'T0OTHER00';

export const MANAGER = 'U0RELEASE';
export const DUTY_MANAGER = 'U0DUTY000';
export const MEMBER = 'U0INTERN0';
export const GUEST = 'U0GUEST00';
export const BOT = 'U0BOT0000';
export const STRANGER = 'U0OTHER00';
export const NO_EMAIL = 'U0NOMAIL0';
export const UNCONFIRMED = 'U0UNCONF0';

export const peopleOf = (team_id: string): SlackPersonFacts[] => {
  const person = (id: string, name: string, email: string | undefined, more: Partial<SlackPersonFacts> = {}) => ({
    ...{ id, name, team_id, is_email_confirmed: true },
    profile: { real_name: name, ...(email === undefined ? {} : { email }) },
    ...more,
  });
  return [
    person(MANAGER, 'Release manager', RELEASE_MANAGER),
    person(DUTY_MANAGER, 'Duty manager', 'duty.manager@example.com'),
    person(MEMBER, 'Intern', INTERN),
    person(GUEST, 'Guest', RELEASE_MANAGER, { is_restricted: true }),
    person(BOT, 'Some bot', undefined, { is_bot: true }),
    // Of another company, in a channel that is shared with it.
    person(STRANGER, 'Somebody else', RELEASE_MANAGER, { team_id: OTHER_TEAM, is_stranger: true }),
    person(NO_EMAIL, 'Nobody’s address', undefined),
    person(UNCONFIRMED, 'Not confirmed', RELEASE_MANAGER, { is_email_confirmed: false }),
  ];
};
