import { allStages, stagesFor, stagesForTracks } from '@cuewire/server/domain/processing/plan.js'
import t from 'tap'

t.test('a stage brings those that build on it, and the decode pass where it lives on that', async t => {
  t.strictSame(stagesFor(['objects']), ['decode', 'objects', 'tracks', 'scenes', 'chapters', 'outline'])
  t.strictSame(stagesFor(['text']), ['decode', 'text', 'chapters', 'outline'])
  t.strictSame(stagesFor(['shots']), ['decode', 'shots', 'tracks', 'scenes', 'chapters', 'outline'])
  t.strictSame(stagesFor(['scenes']), ['decode', 'scenes'])
  t.strictSame(stagesFor(['pictures']), ['decode', 'pictures'])
  t.strictSame(stagesFor(['audio']), ['decode', 'audio'])
  t.strictSame(stagesFor(['tracks']), ['tracks'])
  t.strictSame(stagesFor(['transcript']), ['decode', 'transcript', 'chapters', 'outline', 'embed', 'speakers'])
  t.strictSame(stagesFor(['speakers']), ['decode', 'speakers'])
  t.strictSame(stagesFor(['chapters']), ['chapters', 'outline'])
  t.strictSame(stagesFor(['outline']), ['outline'])
  t.strictSame(stagesFor(['decode']), [
    'decode',
    'shots',
    'objects',
    'tracks',
    'scenes',
    'text',
    'audio',
    'transcript',
    'chapters',
    'outline',
    'embed',
    'pictures',
    'speakers',
    'storyboard',
  ])
  t.strictSame(stagesFor(['probe']), allStages())
})

t.test('another track brings what uses it, and the probe that chooses it', async t => {
  t.strictSame(stagesForTracks({ sound: 1 }, []), ['probe', ...stagesFor(['transcript', 'audio'])])
  t.strictSame(stagesForTracks({ subtitles: 2 }, []), ['probe', ...stagesFor(['transcript'])])
  const withPicture = stagesForTracks({ picture: 0 }, [])
  t.ok(
    ['probe', 'decode', 'shots', 'objects', 'tracks', 'text', 'storyboard'].every(name =>
      withPicture.some(stage => stage === name),
    ),
  )
  t.notOk(withPicture.includes('transcript'))
  t.strictSame(stagesForTracks({ subtitles: 2 }, ['text']), [
    'probe',
    'decode',
    'text',
    ...stagesFor(['transcript']).slice(1),
  ])
})
