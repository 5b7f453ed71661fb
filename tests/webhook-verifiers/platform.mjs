// The built program as a process, a receiver that is told of things, and what it takes to make a task end.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer as createSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const demoKey = "sk-demo-of-the-webhook-verifiers";
const patience = 60_000;

export async function until(what, look) {
  const deadline = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`It never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function freePort() {
  const socket = createSocket();
  socket.listen(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}

/** A server that keeps what arrives, as it arrived. */
export async function startReceiver() {
  const received = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ path: request.url, headers: request.headers, body: Buffer.concat(chunks).toString("utf8") });
    response.writeHead(204).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    at: (path) => received.filter((r) => r.path === path),
    close: () => server.close(),
  };
}

export async function startPlatform() {
  const folder = await mkdtemp(join(tmpdir(), "platform-verifiers-"));
  const url = `http://127.0.0.1:${await freePort()}`;
  const said = [];
  const child = spawn("dotnet", [join(repository, "src/Platform.Host/bin/Release/net10.0/Platform.Host.dll")], {
    cwd: folder,
    env: {
      ...process.env,
      ASPNETCORE_URLS: url,
      Platform__DataDirectory: join(folder, "data"),
      Platform__Silo__Port: String(await freePort()),
      Platform__Silo__GatewayPort: String(await freePort()),
      Platform__Metrics__Port: String(await freePort()),
      Platform__Demo__ApiKey: demoKey,
      Platform__Egress__AllowPrivateNetworks: "true",
      Platform__Egress__AllowHttp: "true",
    },
  });
  child.stdout.on("data", (data) => said.push(data));
  child.stderr.on("data", (data) => said.push(data));

  async function call(method, path, body) {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${demoKey}`, ...(typeof body === "string" ? { "content-type": "application/json" } : {}) },
      body,
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(answer)}`);
    return answer;
  }

  async function upload(name) {
    const form = new FormData();
    form.append("file", new Blob([await readFile(join(repository, "samples", name))]), name);
    return (await call("POST", "/v1/files", form)).file_url;
  }

  async function stop() {
    if (child.exitCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    await rm(folder, { recursive: true, force: true });
  }

  try {
    await until(`readiness; it said ${said.join("")}`, async () => {
      if (child.exitCode !== null) throw new Error(`It ended: ${said.join("")}`);
      return (await fetch(`${url}/health/ready`).catch(() => null))?.ok;
    });
    const inputs = { image_urls: [await upload("character.png")], video_urls: [await upload("motion.mp4")] };

    /** Ends a task without a render; gives it as it is read. */
    async function endTask(callbackUrl) {
      const task = await call("POST", "/v1/videos/generations", JSON.stringify({
        model: "kling-v3-motion-control",
        prompt: "[sandbox:hang] é 💃",
        quality: "720p",
        model_params: { character_orientation: "image" },
        callback_url: callbackUrl,
        ...inputs,
      }));
      await call("POST", `/v1/tasks/${task.id}/cancel`);
      return until("the end of a task", async () => {
        const read = await call("GET", `/v1/tasks/${task.id}`);
        return read.status === "cancelled" && read;
      });
    }

    return { call, endTask, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
