import { defineConfig } from '../../config/define-config.ts';

/**
 * Everything that drawbridge.config.ts can say: which services there are, how to recognise testers, who may act, and how to
 * prove the effect. What can be left out is marked; minimal.config.ts leaves all of it out. `npm start`, `npm run demo` and
 * the tests always play with this one.
 */
export default defineConfig({
  // The Google account that runs the sheets' script: of the operators' own Workspace domain, and nobody's daily account.
  // npm run connect needs it. It can never be an operator.
  controller: 'drawbridge.controller@example.com',
  // Who may create, copy, register and retire release sheets, in the control spreadsheet.
  admins: ['release.manager@example.com'],
  environments: {
    // One deployment each: its own API, sign-in, table and Lambdas. Best in an account of its own, too.
    production: {
      // May be left out: then whatever account the deploying person is in.
      account: '111122223333',
      // Home of the API, the table and the Lambdas; eu-west-1 if left out.
      region: 'eu-west-1',
      // Real users are behind it. Sheets ask twice for steps that are off plan, and stacks cannot be deleted by mistake.
      production: true,
      // Who may act on every service here, by the address that Google knows them by.
      operators: ['release.manager@example.com', 'duty.manager@example.com'],
      // How often each target is asked while a change is being proven; 80 if left out. How many probes must agree before
      // anybody reads "closed" is no setting (docs/proof.md): fewer a second only take longer.
      proof: { probesPerSecond: 80 },
      // What clients are told (Retry-After) while no planned end is known, or it is past; 600 if left out.
      retryAfterSeconds: 600,
      // Who gets an e-mail when nobody looks: drift, missed steps, a reconciler that stopped. May be left out.
      alarms: { email: ['on.call@example.com'] },
      // Who may open and close services without the sheet (npm run drawbridge): IAM roles or users, besides what IAM itself
      // must allow them. Left out: nobody.
      breakGlass: { principals: ['arn:aws:iam::111122223333:role/on-call'] },
      // Services of which anybody may ask whether they are open, and when they close (GET /public/status, docs/deploy.md): for
      // a site's own front end. Left out: there is no such route.
      publicStatus: ['shop', 'payments'],
      // What people are told of armed steps before they run. In Slack's channel: a night as a whole, 8 hours before its first step
      // if it is left out, and each step once more, 60 minutes before; 0: never. And by e-mail to those who get the alarms, of
      // what closes; `false` if it is left out.
      reminders: { digestHours: 8, minutes: 60, byEmail: false },
      // Operators may also ask in Slack (docs/slack.md): by this app, in these workspaces and channels, with this command. The
      // first channel gets the notices. `enterprise: 'E0123456789'` on Enterprise Grid. Left out: there is no such door.
      slack: {
        appId: 'A0123456789',
        workspaces: ['T0123456789'],
        channels: ['C0123456789'],
        command: '/drawbridge',
      },
      // Instead, where no app may be installed: a channel in which anyone who writes may ask, without being known (docs/slack.md).
      // chat: { workspace: 'T0123456789', channel: 'C9876543210', allow: ['status', 'enter'] },
      services: [
        {
          // What the sheet's column Service says, in lower case. It names the rule groups: it can never be changed.
          name: 'shop',
          // For people; may be left out.
          title: 'Shop',
          // What the maintenance page links to; either may be left out. They must stay open: a contact is an e-mail address, which
          // is shown, or a page. docs/maintenance-page.md has the rest that can be changed.
          page: { statusUrl: 'https://status.example.com/', contact: 'help@example.com' },
          // CloudFront stands before the load balancer: then both are targets, or cached pages stay open.
          cloudFront: true,
          targets: [
            {
              // CloudFront's rules stand before its cache. WAF keeps them in us-east-1, wherever visitors are.
              scope: 'CLOUDFRONT',
              region: 'us-east-1',
              // Asked from outside, over new connections, to prove that the service is closed, or open again.
              verification: { urls: ['https://shop.example.com/', 'https://shop.example.com/api/cart'] },
            },
            {
              scope: 'REGIONAL',
              region: 'eu-west-1',
              // Behind CloudFront the connection is CloudFront's; it appends the client's address to this header.
              // Left out, it is the address of the connection: right without a proxy. It holds only if nobody else can
              // reach the load balancer: who does can write a tester's address into it. Then no probe can reach it either:
              // `verification: 'none'`. Here one can, so that this example shows both targets; the doctor would object.
              clientAddress: { header: 'X-Forwarded-For', position: 'LAST' },
              // Somebody else's web ACL puts our rule group first (docs/examples/web-acl.*). The default. With its name,
              // `{ existing: { webAcl: 'site' } }`, the build sees whether services that share it can be told apart.
              attachment: 'existing',
              verification: { urls: ['https://origin.shop.example.com/'] },
            },
          ],
          // Below these, and where a request asks for or sends JSON, GraphQL or gRPC, clients get JSON instead of the page.
          apiPrefixes: ['/api/'],
          // Other services behind the same web ACL? Then the names by which clients ask for this one, exact or for all below
          // a name; closing it leaves the others open. Left out: all that the web ACL stands before is this service. A request
          // that names none of them is not closed: let the load balancer's default action answer it with 404.
          //   hosts: ['shop.example.com', 'origin.shop.example.com', '*.shops.example.com'],
          // Browser apps on other origins that call the API: they can read the answer.
          apiOrigins: ['https://app.example.com'],
          // The headers that these apps send. Left out: the usual ones for sign-in, forgery marks, idempotency, traces, GraphQL
          // and gRPC-Web. In writing, it is all that there are; browsers hide the answer from an app that sends another.
          apiHeaders: ['Authorization', 'Content-Type', 'X-CSRF-Token', 'Idempotency-Key', 'traceparent', 'tracestate'],
          // How Retry-After tells the planned end: 'date' if left out. 'seconds' for clients that read no date: told in steps of
          // five minutes, of half an hour while it is more than an hour off.
          plannedEndAs: 'date',
          // Always open: health checks and webhooks. Exact; `{ prefix }` for all below.
          exemptPaths: ['/health'],
          // With more than 100 services: which stack of its place creates its rule group. 1 if left out; the build says when the
          // next one is due. It can never be changed.
          stack: 1,
          // Always let in while the allowlist is on, besides who is in the sheet.
          allowlist: ['192.0.2.0/28', '2001:db8:7e57::/48'],
        },
        {
          name: 'payments',
          targets: [
            {
              scope: 'REGIONAL',
              region: 'eu-west-1',
              // These load balancers have no web ACL: they get one with our rule group and nothing else. Another service
              // behind them says `attachment: { sharedWith: 'payments' }`, and both name their hosts.
              attachment: {
                dedicated: {
                  loadBalancerArns: [
                    'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/payments/50dc6c495c0c9188',
                  ],
                },
              },
              verification: { urls: ['https://payments.example.com/'] },
            },
          ],
          apiPrefixes: ['/api/'],
          exemptPaths: ['/health', { prefix: '/webhooks/' }],
          allowlist: ['192.0.2.0/28'],
          // May act on this service, besides the operators of the environment.
          operators: ['payments.lead@example.com'],
        },
      ],
    },
    staging: {
      account: '444455556666',
      operators: ['release.manager@example.com', 'developer@example.com'],
      breakGlass: { principals: ['arn:aws:iam::444455556666:role/on-call'] },
      services: [
        {
          // Names are unique over all environments: a sheet finds a service by its name alone.
          name: 'shop-staging',
          title: 'Shop (staging)',
          targets: [
            {
              scope: 'REGIONAL',
              region: 'eu-west-1',
              verification: { urls: ['https://staging.shop.example.com/'] },
            },
          ],
          apiPrefixes: ['/api/'],
          exemptPaths: ['/health'],
        },
      ],
    },
  },
});
