import { free, type Service } from '../service.ts';

const EMAIL = 'https://www.googleapis.com/auth/userinfo.email';

export const SESSION: Readonly<Record<string, Service>> = {
  'Session.account': free((_world, { account }) => account, EMAIL),
};
