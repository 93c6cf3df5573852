"""A film in a browser: that it plays to its end, and that a player who seeks a frame is shown that very frame."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

PAGE = '<!doctype html><video src="data:video/mp4;base64,{film}" muted preload="auto"></video>'

# Seeks to each time, and gives what is then shown as grey levels; then plays the film to its end, four times as fast.
# "seeked" may come before its frame is there to be drawn (once in 126, measured): that it is handed on is waited for,
# half a second at most, since a frame that is shown already is not handed on again.
WATCH = """async (times) => {
  const film = document.querySelector("video");
  const once = (name) => new Promise((done, fail) => {
    film.addEventListener(name, done, {once: true});
    film.addEventListener("error", () => fail(film.error.message), {once: true});
  });
  if (film.readyState < 2) await once("loadeddata");
  const canvas = new OffscreenCanvas(film.videoWidth, film.videoHeight);
  const pen = canvas.getContext("2d", {willReadFrequently: true});
  const shown = [];
  for (const time of times) {
    const there = once("seeked");
    const handed = new Promise((done) => film.requestVideoFrameCallback(done));
    film.currentTime = time;
    await there;
    await Promise.race([handed, new Promise((done) => setTimeout(done, 500))]);
    pen.drawImage(film, 0, 0);
    const pixels = pen.getImageData(0, 0, canvas.width, canvas.height).data;
    const grey = [];
    for (let at = 0; at < pixels.length; at += 4) {
      grey.push(Math.round(0.2126 * pixels[at] + 0.7152 * pixels[at + 1] + 0.0722 * pixels[at + 2]));
    }
    shown.push(grey);
  }
  film.currentTime = 0;
  film.playbackRate = 4;
  const end = once("ended");
  await film.play();
  await end;
  return {seconds: film.duration, shown};
}"""


def wrongs(browser: Any, film: Path, fps: Fraction, frames: Sequence[int]) -> list[str]:
    """What is not right of a film in a browser: its length, that it ends, and which frame is shown for each of `frames`
    when the middle of its time is sought."""
    decoded = _decoded(film)
    page = browser.new_page()
    try:
        page.set_content(PAGE.format(film=b64encode(film.read_bytes()).decode()))
        seen = page.evaluate(WATCH, [float((frame + Fraction(1, 2)) / fps) for frame in frames])
    finally:
        page.close()
    found = []
    if abs(seen["seconds"] - float(len(decoded) / fps)) > 0.002:
        found.append(f"the browser says {seen['seconds']:.3f} s of {len(decoded)} frames at {fps}")
    for frame, grey in zip(frames, seen["shown"], strict=True):
        away = np.abs(decoded - np.array(grey, np.float32)).mean(axis=1)
        if away[frame] > away.min() + 1.0:
            found.append(f"frame {frame} was sought, and {int(away.argmin())} was shown")
    return found


def _decoded(film: Path) -> Any:
    """Every frame of a film as grey levels, float32 (frames, pixels)."""
    weights = np.array([0.2126, 0.7152, 0.0722], np.float32)
    with av.open(str(film)) as container:
        shown = [one.to_ndarray(format="rgb24", src_colorspace="ITU709") for one in container.decode(video=0)]
    return np.stack([(one.astype(np.float32) @ weights).reshape(-1) for one in shown])
