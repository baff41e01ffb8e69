import type { LECTURES } from './lectures.js'
import type { PassageName } from './passages.js'

/** Words that name the subject of each passage. A text that has one of them, in any form, names the subject. */
export const PASSAGE_SUBJECTS: Readonly<Record<PassageName, readonly string[]>> = {
  bread: ['bread', 'dough', 'loaf'],
  boats: ['boat', 'fishing', 'nets', 'harbour'],
  volcano: ['volcano', 'lava', 'magma', 'eruption'],
  bees: ['bee', 'honeybee', 'beekeeper', 'hive'],
  violin: ['violin'],
  moon: ['moon', 'lunar'],
  chess: ['chess', 'pawn', 'knight'],
  coffee: ['coffee', 'espresso'],
  bridge: ['bridge'],
  vaccine: ['vaccine', 'vaccination', 'immune'],
  cycling: ['bicycle', 'rider', 'pedals', 'helmet'],
  glass: ['glass', 'glassblower'],
  budget: ['budget', 'expense', 'income'],
  owls: ['owl'],
  printing: ['printing', 'print', 'press', 'presses'],
  garden: ['tomatoes', 'seedlings', 'planting'],
  trains: ['train', 'railway', 'locomotive'],
  sleep: ['sleep', 'dreams'],
  pottery: ['potter', 'clay', 'kiln', 'glaze'],
  desert: ['desert', 'sahara', 'oasis'],
  cinema: ['film', 'director', 'editor'],
  whales: ['whale', 'humpbacks', 'whaling'],
  parliament: ['bill', 'law', 'motion', 'vote'],
  knots: ['knot', 'rope', 'bowline', 'hitch', 'bend'],
}

type Parts<T> = { readonly [Name in keyof T]: readonly (readonly string[])[] }

/** Words that name the subject of each part of each lecture; none for a part that only welcomes. */
export const LECTURE_SUBJECTS: { readonly [Set in keyof typeof LECTURES]: Parts<(typeof LECTURES)[Set]> } = {
  development: {
    sourdough: [
      [],
      ['starter'],
      ['dough', 'fold', 'autolyse'],
      ['shaping', 'ball'],
      ['oven', 'pot'],
      ['crumb', 'flat'],
    ],
    telescopes: [
      [],
      ['light', 'magnification'],
      ['refractor', 'lens'],
      ['reflector', 'mirror'],
      ['mount', 'Dobsonian'],
      ['eyepieces', 'accessories'],
    ],
    onboarding: [
      [],
      ['clocking', 'badge'],
      ['safety', 'forklifts', 'emergency'],
      ['scanner', 'scan'],
      ['packing', 'box'],
      ['returns', 'parcels', 'article'],
      ['holidays', 'sick', 'ill'],
    ],
    budgeting: [
      [],
      ['spend', 'expense'],
      ['debt', 'loan', 'owe'],
      ['emergency', 'savings', 'expenses'],
      ['pension'],
      ['insurance', 'warranty', 'cover'],
    ],
  },
  heldOut: {
    beekeeping: [
      [],
      ['hive', 'boxes', 'frame'],
      ['clothing', 'veil', 'gloves', 'smoker'],
      ['spring', 'swarm', 'queen'],
      ['harvest', 'honey'],
      ['varroa', 'mite'],
    ],
    photography: [
      [],
      ['aperture', 'lens', 'opening'],
      ['shutter', 'speed'],
      ['ISO', 'sensitive', 'grain'],
      ['focus'],
      ['composition', 'thirds', 'subject'],
      ['editing', 'raw', 'highlights'],
    ],
    rome: [
      [],
      ['source', 'spring'],
      ['slope', 'gradient', 'fall'],
      ['underground', 'shafts', 'channel'],
      ['arches', 'keystone'],
      ['city', 'tank', 'pipe'],
    ],
    guitar: [
      [],
      ['choosing', 'instrument', 'spruce', 'fret'],
      ['strings', 'nylon'],
      ['tuning', 'tuner', 'note'],
      ['humidity', 'wood', 'dries'],
      ['posture', 'back', 'thumb', 'wrist'],
      ['practise', 'metronome', 'minutes'],
    ],
  },
}
