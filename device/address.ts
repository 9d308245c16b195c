/** `HOST:PORT` as `listen` in the configuration says it; IPv6 hosts stand in brackets. */
export interface ListenAddress {
  host: string
  /** 0 asks the system for a free one. */
  port: number
}

const HIGHEST_PORT = 65_535

/** null when the text is no such address. */
export const parseListen = (text: string): ListenAddress | null => {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9A-Za-z.-]+)):(\d{1,5})$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  if (host === undefined || port > HIGHEST_PORT) return null
  return { host, port }
}

/** What a browser on this machine may call the screen; nothing else is answered to. */
export const SCREEN_HOSTS: readonly string[] = ['127.0.0.1', 'localhost', '::1']

export const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)

/** Of a connected socket; IPv4 peers of a dual-stack listener come as `::ffff:127.0.0.1`. */
export const isLoopbackPeer = (address: string | undefined): boolean =>
  address !== undefined && isLoopbackHost(address.replace(/^::ffff:/, ''))

export const httpUrl = ({ host, port }: ListenAddress): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`
