// What the platform really delivers, against three published verifiers and the specification's own example.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import OpenAI from "openai";
import { validateWebhook } from "replicate";
import { Webhook } from "standardwebhooks";
import { startPlatform, startReceiver, until } from "./platform.mjs";

const openai = new OpenAI({ apiKey: "unused" });

// Each says whether it accepts; replicate's does not look at the time.
const verifiers = {
  "standardwebhooks verify": { looksAtTime: true, accepts: (r, secret) => settle(() => new Webhook(secret).verify(r.body, r.headers)) },
  "openai webhooks.unwrap": { looksAtTime: true, accepts: (r, secret) => settle(() => openai.webhooks.unwrap(r.body, r.headers, secret)) },
  "replicate validateWebhook": { looksAtTime: false, accepts: (r, secret) => settle(() => validateWebhook(r, secret)) },
};

async function settle(verify) {
  try {
    return (await verify()) !== false;
  } catch {
    return false;
  }
}

const otherSecret = () => `whsec_${randomBytes(32).toString("base64")}`;

describe("deliveries", () => {
  let platform, receiver, task, callback, hook, callbackSecret, endpoint;

  before(async () => {
    receiver = await startReceiver();
    platform = await startPlatform();
    callbackSecret = (await platform.call("POST", "/v1/webhook-secret")).secret;
    endpoint = await platform.call("POST", "/v1/webhook-endpoints", JSON.stringify({ url: `${receiver.url}/hook` }));
    task = await platform.endTask(`${receiver.url}/callback`);
    callback = await until("the callback", () => receiver.at("/callback")[0]);
    hook = await until("the endpoint's", () => receiver.at("/hook")[0]);
  });

  after(async () => {
    await platform?.stop();
    receiver?.close();
  });

  test("the body is the task object", () => {
    assert.deepEqual(JSON.parse(callback.body), task);
    assert.equal(callback.body, hook.body);
    assert.equal(callback.headers["webhook-id"], hook.headers["webhook-id"]);
  });

  for (const [name, { looksAtTime, accepts }] of Object.entries(verifiers)) {
    test(`${name} accepts both with their own secret`, async () => {
      assert.equal(await accepts(callback, callbackSecret), true);
      assert.equal(await accepts(hook, endpoint.secret), true);
    });

    test(`${name} refuses another secret`, async () => {
      assert.equal(await accepts(callback, endpoint.secret), false);
      assert.equal(await accepts(hook, otherSecret()), false);
    });

    test(`${name} refuses what was tampered with`, async () => {
      const id = { ...hook.headers, "webhook-id": `${hook.headers["webhook-id"]}x` };
      const time = { ...hook.headers, "webhook-timestamp": String(Number(hook.headers["webhook-timestamp"]) + 1) };
      assert.equal(await accepts({ ...hook, body: hook.body.replace("cancelled", "completed") }, endpoint.secret), false);
      assert.equal(await accepts({ ...hook, body: `${hook.body} ` }, endpoint.secret), false);
      assert.equal(await accepts({ ...hook, headers: id }, endpoint.secret), false);
      assert.equal(await accepts({ ...hook, headers: time }, endpoint.secret), false);
    });

    if (looksAtTime) {
      test(`${name} refuses what is old, by the clock that it reads`, async (t) => {
        t.mock.timers.enable({ apis: ["Date"], now: Date.now() + 10 * 60_000 });
        assert.equal(await accepts(hook, endpoint.secret), false);
      });
    }

    test(`${name} accepts either secret while they are rotated, and the old one no longer afterwards`, async () => {
      const made = await platform.call("POST", "/v1/webhook-endpoints", JSON.stringify({ url: `${receiver.url}/rotate-${name.split(" ")[0]}` }));
      const path = new URL(made.url).pathname;
      const rotated = await platform.call("POST", `/v1/webhook-endpoints/${made.id}/rotate-secret`);
      await platform.call("POST", `/v1/webhook-endpoints/${made.id}/test`);
      const both = await until("the first test", () => receiver.at(path)[0]);
      assert.equal(await accepts(both, made.secret), true);
      assert.equal(await accepts(both, rotated.secret), true);

      const last = await platform.call("POST", `/v1/webhook-endpoints/${made.id}/rotate-secret`, JSON.stringify({ overlap_seconds: 0 }));
      await platform.call("POST", `/v1/webhook-endpoints/${made.id}/test`);
      const one = await until("the second test", () => receiver.at(path)[1]);
      assert.equal(await accepts(one, last.secret), true);
      assert.equal(await accepts(one, rotated.secret), false);
    });
  }
});

// The same example that the platform's own signer is held to in tests/Platform.Domain.Tests.
describe("the example of the specification", () => {
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const example = {
    body: '{"test": 2432232314}',
    headers: {
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    },
  };

  for (const [name, { accepts }] of Object.entries(verifiers)) {
    test(`${name} agrees`, async (t) => {
      t.mock.timers.enable({ apis: ["Date"], now: 1_614_265_330_000 });
      assert.equal(await accepts(example, secret), true);
      assert.equal(await accepts({ ...example, body: "{}" }, secret), false);
    });
  }
});
