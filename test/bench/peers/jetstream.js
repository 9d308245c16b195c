/** NATS JetStream with its file store as it comes; every publish acknowledged, every message consumed and acknowledged. */
// @ts-nocheck: its packages are here only where the bench has installed them
import { join } from 'node:path'
import { AckPolicy, jetstream, jetstreamManager, StorageType } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { freePort, messages, pipelined, startBroker } from './support.ts'

const SUBJECT = 'ratings'

const [, folder = '', count = '0', underWay = '1'] = process.argv.slice(2)
const rows = messages(Number(count))
const port = await freePort()
await startBroker(
  'nats-server',
  ['-js', '-sd', join(folder, 'js'), '-a', '127.0.0.1', '-p', String(port)],
  port,
)
const [publisher, consumer] = [
  await connect({ servers: `127.0.0.1:${port}` }),
  await connect({ servers: `127.0.0.1:${port}` }),
]
const manager = await jetstreamManager(publisher)
await manager.streams.add({ name: 'hall', subjects: [SUBJECT], storage: StorageType.File })
await manager.consumers.add('hall', { durable_name: 'hall', ack_policy: AckPolicy.Explicit })
const incoming = await (await jetstream(consumer).consumers.get('hall', 'hall')).consume()

const begun = performance.now()
const stream = jetstream(publisher)
const consumed = (async () => {
  let got = 0
  for await (const message of incoming) {
    message.ack()
    got += 1
    if (got === rows.length) return
  }
})()
await pipelined(rows, Number(underWay), (message) => stream.publish(SUBJECT, message))
await consumed
const ms = performance.now() - begun
process.send?.({ delivered: rows.length, ms })
