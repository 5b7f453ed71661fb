import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { key, start } from './simulators.mjs';

let simulator;
let client;

before(async () => {
  simulator = await start('platform');
  process.env.EVOLINK_API_KEY = key;
  client = await import('@evolinkai/evolink-media/dist/core/src/services/api-client.js');
});

after(() => simulator.stop());

const body = {
  model: 'kling-v3-motion-control',
  image_urls: ['https://example.com/a.png'],
  video_urls: ['https://example.com/a.mp4'],
  quality: '720p',
  model_params: { character_orientation: 'video' },
};

test('the client creates a task and polls it to its result', async () => {
  const config = { baseUrl: simulator.url };
  const created = await client.apiRequest(config, { method: 'POST', path: '/v1/videos/generations', body });
  assert.equal(created.status, 'pending');
  assert.match(client.formatUsageInfo(created.usage), /40\.824 credits/);
  let task;
  do {
    await new Promise((resolve) => setTimeout(resolve, 50));
    task = await client.queryTask(config, created.id);
  } while (task.status !== 'completed');
  assert.equal((await fetch(task.results[0])).headers.get('content-type'), 'video/mp4');
  assert.equal(task.result_data[0].duration, 5);
});

test('the client names a refusal', async () => {
  await simulator.next('Submit', 'OutOfFunds');
  await assert.rejects(
    client.apiRequest({ baseUrl: simulator.url }, { method: 'POST', path: '/v1/videos/generations', body }),
    { status: 402 },
  );
});
