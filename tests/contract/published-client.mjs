// A client that others published for this kind of API, unmodified, by its deep import.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ApiHttpError, apiRequest, formatUsageInfo, queryTask } from '@evolinkai/evolink-media/dist/core/src/services/api-client.js';
import { formatTaskResult } from '@evolinkai/evolink-media/dist/core/src/tools/check-task.js';
import { platform, uploadSample } from './platform.mjs';

const patience = 60_000;

async function client(key) {
  const { url, key: demoKey } = await platform();
  process.env.EVOLINK_API_KEY = key ?? demoKey;
  return { baseUrl: url, channel: 'official' };
}

async function body(prompt) {
  return {
    model: 'kling-v3-motion-control',
    prompt,
    image_urls: [await uploadSample('character.png')],
    video_urls: [await uploadSample('motion.mp4')],
    quality: '720p',
    model_params: { character_orientation: 'image', keep_sound: true },
  };
}

const create = (config, create) => apiRequest(config, { method: 'POST', path: '/v1/videos/generations', body: create });

async function end(config, id) {
  for (const deadline = Date.now() + patience; Date.now() < deadline; await wait(100)) {
    const task = await queryTask(config, id);
    if (['completed', 'failed', 'cancelled'].includes(task.status)) return task;
  }
  assert.fail(`${id} did not end`);
}

test('the published client creates, polls and shows the result', async () => {
  const config = await client();
  const created = await create(config, await body('A girl wearing a gray loose T-shirt and denim shorts'));
  assert.match(created.id, /^task-unified-\d+-[a-z0-9]+$/);
  assert.equal(created.task_info.estimated_time, 180);
  assert.equal(formatUsageInfo(created.usage), 'Estimated cost: 40.824 credits (per_second)');

  const task = await end(config, created.id);
  assert.equal(task.status, 'completed', JSON.stringify(task));
  const shown = formatTaskResult(task);
  assert.match(shown, new RegExp(`^Task ID: ${created.id}$`, 'm'));
  assert.match(shown, /^Progress: 100%$/m);
  assert.match(shown, /^ {2}\[1\] http/m);
  assert.match(shown, /^ {2}Video: http/m);
  assert.match(shown, /^ {2}Duration: 5s$/m);

  const video = await fetch(task.results[0]);
  assert.equal(video.headers.get('content-type'), 'video/mp4');
  const bytes = new Uint8Array(await video.arrayBuffer());
  assert.equal(String.fromCharCode(...bytes.slice(4, 8)), 'ftyp', 'the link leads to a video');
});

test('the published client shows why a task failed', async () => {
  const config = await client();
  const created = await create(config, await body('[sandbox:fail=content_policy_violation]'));
  const task = await end(config, created.id);
  assert.equal(task.status, 'failed', JSON.stringify(task));
  const shown = formatTaskResult(task);
  assert.match(shown, /^Error code: content_policy_violation$/m);
  assert.match(shown, /^Message: .+\.$/m);
  assert.match(shown, /^Retryable: No/m);
});

test('the published client shows what was wrong with a request', async () => {
  const config = await client();
  const wrong = { ...await body('x'), quality: '4k' };
  await assert.rejects(create(config, wrong), error =>
    error instanceof ApiHttpError && error.status === 400 && /^\[400\] 'quality' must be '720p' or '1080p'/.test(error.message));
});

test('the published client shows that a key is wrong', async () => {
  const config = await client('sk-nobody');
  await assert.rejects(queryTask(config, 'task-unified-1-a'), error =>
    error instanceof ApiHttpError && error.status === 401 && error.message.startsWith('[401] There is no such API key.'));
});

test('the published client shows that a task is not there, and that an id is none', async () => {
  const config = await client();
  await assert.rejects(queryTask(config, 'task-unified-1757169743-abcd'), error => error.status === 404 && /no task of this id/.test(error.message));
  await assert.rejects(queryTask(config, 'nonsense'), error => error.status === 400 && /must start with 'task-unified-'/.test(error.message));
});
