/** One Lambda instance: plain Node, a bundle, the environment, and nothing else. Events come in and results go out. */
const { handler } = await import(process.argv[2]);

process.on('message', async (event) => {
  try {
    process.send({ result: await handler(event) });
  } catch (error) {
    process.send({ error: String(error) });
  }
});
process.send({ ready: true });
