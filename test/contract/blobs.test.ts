import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { folderBlobs } from '@cuewire/server/storage/folder/blobs.js'
import t from 'tap'
import { newId } from '../support/entities.js'
import { putOriginal, putUpload } from '../support/put-blobs.js'
import { testFolder } from '../support/test-folder.js'
import { blobsContract } from './blobs.js'

blobsContract('folder', t => {
  const folder = testFolder(t)
  return [folderBlobs(folder), folderBlobs(folder)]
})

t.test('folder: files are where they always were, and only their owner may read them', async t => {
  const folder = testFolder(t)
  const blobs = folderBlobs(folder).for('acme')
  const [id, upload] = [newId(), newId()]
  await putOriginal(blobs, id, 'MEDIA')
  await putUpload(blobs, upload, 'MED')
  await blobs.write({ kind: 'poster', id }, Buffer.from('jpeg'))
  await blobs.scratch({ kind: 'sound', id }).create()
  const root = join(folder, 'tenants', 'acme')
  t.strictSame((await readdir(join(root, 'videos', id))).sort(), ['audio.s16le', 'original', 'poster.jpg'])
  t.strictSame(await readdir(join(root, 'uploads')), [upload])
  for (const path of ['videos', join('videos', id), 'uploads']) {
    t.equal((await stat(join(root, path))).mode & 0o777, 0o700, path)
  }
  for (const path of [join('videos', id, 'original'), join('videos', id, 'poster.jpg'), join('uploads', upload)]) {
    t.equal((await stat(join(root, path))).mode & 0o777, 0o600, path)
  }
  await writeFile(join(root, 'uploads', 'notes.txt'), 'not ours')
  t.strictSame(await blobs.uploads(), [{ id: upload, sizeBytes: 3 }], 'other files are no uploads')
})
