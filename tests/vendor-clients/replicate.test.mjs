import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import Replicate, { validateWebhook } from 'replicate';
import { key, start } from './simulators.mjs';

const secret = 'whsec_c2ltdWxhdG9yLXNlY3JldC1vZi0zMi1ieXRlcyE=';

let simulator;
let replicate;

before(async () => {
  simulator = await start('replicate');
  replicate = new Replicate({ auth: key, baseUrl: `${simulator.url}/v1`, useFileOutput: false });
});

after(() => simulator.stop());

test('the client creates, waits and reads the output', async () => {
  const created = await replicate.predictions.create({
    model: 'kwaivgi/kling-v3-motion-control',
    input: { image_url: 'https://example.com/a.png', video_url: 'https://example.com/a.mp4' },
  });
  assert.equal(created.status, 'starting');
  const done = await replicate.wait(created, { interval: 100 });
  assert.equal(done.status, 'succeeded');
  assert.equal((await fetch(done.output)).headers.get('content-type'), 'video/mp4');
});

test('the client cancels', async () => {
  const created = await replicate.predictions.create({ model: 'kwaivgi/kling-v3-motion-control', input: {} });
  assert.equal((await replicate.predictions.cancel(created.id)).status, 'canceled');
  assert.equal((await replicate.predictions.get(created.id)).status, 'canceled');
});

test("the client's own check believes the callback", async () => {
  const received = deferred();
  const server = createServer(async (request, response) => {
    const body = [];
    for await (const part of request) body.push(part);
    received.resolve({ headers: request.headers, body: Buffer.concat(body).toString() });
    response.end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await replicate.predictions.create({
      model: 'kwaivgi/kling-v3-motion-control',
      input: {},
      webhook: `http://127.0.0.1:${server.address().port}/`,
      webhook_events_filter: ['completed'],
    });
    const { headers, body } = await received.promise;
    assert.equal(
      await validateWebhook({
        id: headers['webhook-id'],
        timestamp: headers['webhook-timestamp'],
        signature: headers['webhook-signature'],
        body,
        secret,
      }),
      true,
    );
    assert.equal(JSON.parse(body).status, 'succeeded');
  } finally {
    server.close();
  }
});

function deferred() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}
