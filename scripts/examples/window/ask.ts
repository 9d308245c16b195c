// Asks the pad at a window for a rating, follows the question to its end, and cancels it on Ctrl-C.
//   PAD=https://192.168.1.20:8025 TOKEN=… [NODE_EXTRA_CA_CERTS=hall-ca.pem] node ask.ts CASENO ITEMCODE ITEMNAME
// Prints "waiting", then "rated", "declined" or "cancelled". Node 22.18 or newer runs it as it is.
const { PAD, TOKEN } = process.env
const [caseNo, itemCode, itemName] = process.argv.slice(2)
async function call(method: string, path: string, body?: object): Promise<Response> {
  const response = await fetch(`${PAD}/window/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (response.ok) return response
  console.error(await response.text())
  return process.exit(1)
}
// The stream first: it tells what stands and then every change, so that none is missed.
const events = await call('GET', 'events')
const asked = await call('POST', 'evaluations', { caseNo, itemCode, itemName })
const { id } = (await asked.json()) as { id: string }
process.once('SIGINT', () => call('DELETE', `evaluations/${id}`))
console.log('waiting')
let text = ''
for await (const chunk of events.body ?? []) {
  text += Buffer.from(chunk).toString('utf8')
  const over = new RegExp(`"id":"${id}","state":"(rated|declined|cancelled)"`).exec(text)
  if (over === null) continue
  console.log(over[1])
  process.exit(0)
}
