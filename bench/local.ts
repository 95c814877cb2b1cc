// `npm run bench:local`: how fast the embedded AWS is, on the machine that runs it. Numbers that belong together are
// measured in one run. It prints a table and judges nothing: noisy machines make poor judges. BENCH_SECONDS and
// BENCH_RATE change the load.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { closedLoop, oneByOne, openLoop } from "./flow.ts";
import { milliseconds, row, scale, timeOf } from "embedded-aws/testing";
import { scene } from "./scene.ts";

const SECONDS = Number(process.env.BENCH_SECONDS ?? 30);
const RATE = Number(process.env.BENCH_RATE ?? 300);

/**
 * What this machine can do at this time: a request without anything to it, both sides in this process. The unit for
 * what follows.
 */
async function bareRequest(): Promise<{ wall: number; cpu: number }> {
  const server = createServer((incoming, outgoing) => {
    incoming.resume().on("end", () => outgoing.end("{}"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const agent = new Agent({ keepAlive: true });
  const { port } = server.address() as AddressInfo;
  const call = () =>
    new Promise((resolve, reject) => {
      const asked = request({ agent, port, method: "POST" }, (answer) => answer.resume().on("end", resolve));
      asked.on("error", reject).end("{}");
    });
  const count = 5_000;
  await timeOf(count, call);
  const before = process.cpuUsage();
  const wall = await timeOf(count, call);
  const { user, system } = process.cpuUsage(before);
  agent.destroy();
  server.close();
  return { wall, cpu: (user + system) / 1000 / (2 * count) };
}

async function startToReady(): Promise<void> {
  const times: number[] = [];
  for (let index = 0; index < 3; index++) {
    const began = performance.now();
    const child = spawn(process.execPath, [join(import.meta.dirname, "../embedded-aws/main.ts"), "--port", "4599"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    for await (const line of createInterface(child.stdout)) if (line.includes("listens on")) break;
    times.push(performance.now() - began);
    child.kill("SIGINT");
    await once(child, "exit");
  }
  row("npm run local, from start to ready, best of three", milliseconds(Math.min(...times)));
}

const [load = 0] = loadavg();
row("cores, and how many of them others kept busy in the last minute", `${availableParallelism()}, ${load.toFixed(1)}`);
const bare = await bareRequest();
row("a bare HTTP request", `${milliseconds(bare.wall)}, processor time ${milliseconds(bare.cpu)}`);
await startToReady();
const running = await scene();
await oneByOne(running, 500, bare.wall);
await closedLoop(running, SECONDS, bare.cpu);
await openLoop(running, SECONDS, RATE);
await running.close();
await scale();
