// Photos are made smaller on the phone: drawing them anew leaves place, device and time behind.
const LONGEST_SIDE = 1600;

/** The files as {type, bytes}; a picture as JPEG of at most 1,600 px, a PDF as it is. */
export function photos(files) {
  return Promise.all(files.map(async (file) => (file.type.startsWith("image/") ? shrunk(file) : { type: file.type, bytes: new Uint8Array(await file.arrayBuffer()) })));
}

export async function shrunk(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  return { type: "image/jpeg", bytes: new Uint8Array(await blob.arrayBuffer()) };
}
