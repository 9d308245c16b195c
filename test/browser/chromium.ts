import { type Browser, chromium } from 'playwright-core'

/** Debian's Chromium, by touch, asking nothing of any network but loopback. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-quic',
    ],
  })
}

/** The terminal's panel: portrait, touched. */
export const terminalScreen = { viewport: { width: 1080, height: 1920 }, hasTouch: true, locale: 'zh-CN' }
/** The pad's panel: landscape, touched. */
export const padScreen = { viewport: { width: 1280, height: 800 }, hasTouch: true, locale: 'zh-CN' }
