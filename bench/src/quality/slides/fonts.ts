import { createRequire } from 'node:module'

/** A font as Pango names it, and the module path of its file. */
export interface Font {
  readonly name: string
  readonly module: string
}

const google = (family: string, file: string) => `@expo-google-fonts/${family}/${file}`

/** Fonts of the slides on which thresholds were chosen. */
export const DEVELOPMENT_FONTS: readonly Font[] = [
  { name: 'DejaVu Sans', module: 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf' },
  { name: 'DejaVu Serif', module: 'dejavu-fonts-ttf/ttf/DejaVuSerif.ttf' },
  { name: 'DejaVu Sans Bold', module: 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf' },
  { name: 'Roboto', module: google('roboto', '400Regular/Roboto_400Regular.ttf') },
  { name: 'Lora', module: google('lora', '400Regular/Lora_400Regular.ttf') },
  { name: 'DejaVu Sans Mono', module: 'dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf' },
  { name: 'Montserrat', module: google('montserrat', '400Regular/Montserrat_400Regular.ttf') },
  { name: 'Montserrat Bold', module: google('montserrat', '700Bold/Montserrat_700Bold.ttf') },
]

/** Fonts that only the final measurement sees. */
export const HELD_OUT_FONTS: readonly Font[] = [
  { name: 'Open Sans', module: google('open-sans', '400Regular/OpenSans_400Regular.ttf') },
  { name: 'Open Sans Bold', module: google('open-sans', '700Bold/OpenSans_700Bold.ttf') },
  { name: 'Nunito', module: google('nunito', '400Regular/Nunito_400Regular.ttf') },
  { name: 'Playfair Display', module: google('playfair-display', '400Regular/PlayfairDisplay_400Regular.ttf') },
  { name: 'DejaVu Serif Bold', module: 'dejavu-fonts-ttf/ttf/DejaVuSerif-Bold.ttf' },
]

export function fontFile({ module }: Font): string {
  return createRequire(import.meta.url).resolve(module)
}
