import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createFalClient } from '@fal-ai/client';
import { key, start } from './simulators.mjs';

const model = 'fal-ai/kling-video/v3/pro/motion-control';
const input = {
  image_url: 'https://example.com/a.png',
  video_url: 'https://example.com/a.mp4',
  character_orientation: 'video',
};

let simulator;
let fal;

before(async () => {
  simulator = await start('fal', 4);
  fal = createFalClient({
    credentials: key,
    fetch: (url, init) => fetch(String(url).replace('https://queue.fal.run', simulator.url), init),
  });
});

after(() => simulator.stop());

test('the client submits, sees the states in order, and reads the result', async () => {
  const { request_id: requestId } = await fal.queue.submit(model, { input });
  await assert.rejects(fal.queue.result(model, { requestId }), { status: 400 });
  const seen = new Set();
  let status;
  do {
    status = await fal.queue.status(model, { requestId });
    seen.add(status.status);
    await new Promise((resolve) => setTimeout(resolve, 50));
  } while (status.status !== 'COMPLETED');
  // A busy machine may miss one; none comes twice, and none before its turn.
  assert.deepEqual([...seen], ['IN_QUEUE', 'IN_PROGRESS', 'COMPLETED'].filter((one) => seen.has(one)));
  const { data } = await fal.queue.result(model, { requestId });
  const video = await fetch(data.video.url);
  assert.equal(video.headers.get('content-type'), 'video/mp4');
});

test('the client takes the error of a completed job for a validation error', async () => {
  await simulator.next('Submit', 'JobFailsByPolicy');
  const { request_id: requestId } = await fal.queue.submit(model, { input });
  let status;
  do {
    status = await fal.queue.status(model, { requestId });
    await new Promise((resolve) => setTimeout(resolve, 50));
  } while (status.status !== 'COMPLETED');
  await assert.rejects(fal.queue.result(model, { requestId }), (error) => {
    assert.equal(error.status, 422);
    assert.equal(error.body.detail[0].type, 'content_policy_violation');
    return true;
  });
});
