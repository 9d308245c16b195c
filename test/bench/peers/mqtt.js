/** MQTT.js through mosquitto at QoS 1, outgoing messages in its level store or in memory. */
// @ts-nocheck: its packages are here only where the bench has installed them
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectAsync, Store } from 'mqtt'
import levelStore from 'mqtt-level-store'
import { freePort, messages, pipelined, startBroker } from './support.ts'

const TOPIC = 'ratings'

const [kind = '', folder = '', count = '0', underWay = '1'] = process.argv.slice(2)
const rows = messages(Number(count))
const port = await freePort()
const settings = join(folder, 'mosquitto.conf')
// Beyond a thousand that wait for a subscriber it would drop what it has acknowledged, and the run would never end.
writeFileSync(settings, `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n`)
await startBroker('mosquitto', ['-c', settings], port)
const url = `mqtt://127.0.0.1:${port}`
const stores =
  kind === 'mqtt-level'
    ? levelStore(join(folder, 'level'))
    : { incoming: new Store({ clean: false }), outgoing: new Store({ clean: false }) }
const publisher = await connectAsync(url, {
  clientId: 'device',
  clean: false,
  incomingStore: stores.incoming,
  outgoingStore: stores.outgoing,
})
const consumer = await connectAsync(url, { clientId: 'hall', clean: false })
await consumer.subscribeAsync(TOPIC, { qos: 1 })

const begun = performance.now()
let got = 0
const consumed = new Promise((resolve) => {
  consumer.on('message', () => {
    got += 1
    if (got === rows.length) resolve()
  })
})
await pipelined(rows, Number(underWay), (message) => publisher.publishAsync(TOPIC, message, { qos: 1 }))
await consumed
const ms = performance.now() - begun
process.send?.({ delivered: rows.length, ms })
