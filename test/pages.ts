/** Pages and sentences of their own: what the committed ones say may change. */
export const PAGES = {
  html: '<h1>{{title}}</h1><p>{{back}}</p>',
  json: '{ "code": "MAINTENANCE", "message": "{{back}}" }',
  sentences: {
    en: {
      heading: '{title} is closed',
      planned: 'We expect to be back: {time}',
      noPlan: 'We will be back.',
      overdue: 'It is taking longer than planned.',
      later: 'Please try again later.',
      retry: 'It tries again.',
      status: 'Status',
      contact: 'Contact',
    },
  },
};
