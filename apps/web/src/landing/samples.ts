/** All the code that an app adds, as the README shows it. */
export const SAMPLES = [
  {
    title: 'On the server',
    code: `const auth = createAuth({ mongoose, … });

// your initTRPC and context stay
const protectedProcedure =
  t.procedure.concat(
    auth.protectedProcedure,
  );

const appRouter = t.router({
  auth: auth.router,
  posts: t.router({
    list: protectedProcedure
      .query(listPosts),
  }),
});

app.use('/trpc', auth.express(), trpc);`,
  },
  {
    title: 'In the browser',
    code: `export const session =
  createSession({ url: '/trpc' });

export const trpc = createTRPCClient({
  links: [
    authLink(session), // goes before
    httpBatchLink({
      url: '/trpc',
      headers: session.headers,
    }),
  ],
});`,
  },
  {
    title: 'In React',
    code: `<SessionProvider session={session}>
  <SignedIn fallback={<SignInPage />}>
    <Posts />
  </SignedIn>
</SessionProvider>

const { user, status, login, logout } =
  useSession();

// no interceptor, no retry,
// no timer, no token in sight`,
  },
] as const;
