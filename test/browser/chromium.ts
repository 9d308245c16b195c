import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'

/**
 * As a terminal's screen is started (README): a window's address line is a page of its own, of hundreds of scripts, that
 * nobody sees here and without which a terminal's first page stands a quarter sooner. Of two such lists Chromium heeds
 * the last, so it names what Playwright leaves out as well.
 */
const WITHOUT = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
]

/** Debian's Chromium, by touch, asking nothing of any network but loopback. */
const debian = {
  // Benches measure it as it comes; beside tests it steps aside for the devices that they look at.
  executablePath: process.env.VITEST ? join(import.meta.dirname, 'chromium-aside.sh') : '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--disable-quic',
    `--disable-features=${WITHOUT.join(',')}`,
    // As a terminal's screen is started, too.
    '--skia-font-cache-limit-mb=32',
  ],
}

/** @param more arguments besides */
export const launchChromium = (more: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ ...debian, args: [...debian.args, ...more] })

/** One that writes a profile to this folder, as a terminal's own does. @param more arguments for it alone */
export const launchWithProfile = (folder: string, more: string[]): Promise<BrowserContext> =>
  chromium.launchPersistentContext(folder, {
    ...debian,
    ...terminalScreen,
    args: [...debian.args, ...more],
  })

/** Modules may be loaded anew for each test file; what they hang here stays as long as their process. */
const kept = globalThis as { window24Chromium?: Promise<Browser> }

/**
 * One for all journeys of a run: each page gets a context of its own. It ends with the process that runs them.
 * @param more arguments besides, from whoever is the first to ask
 */
export function sharedChromium(more: readonly string[] = []): Promise<Browser> {
  kept.window24Chromium ??= launchChromium(more)
  return kept.window24Chromium
}

/** The terminal's panel: portrait, touched. */
export const terminalScreen = { viewport: { width: 1080, height: 1920 }, hasTouch: true, locale: 'zh-CN' }
/** The pad's panel: landscape, touched. */
export const padScreen = { viewport: { width: 1280, height: 800 }, hasTouch: true, locale: 'zh-CN' }
