package dev.lariat.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * What a reader has received and not given out. One buffer of Netty's: the one that arrived, if
 * nothing was left of those before it, and so without a copy; else a buffer that grows.
 *
 * <p>Pooled buffers must be given back, and a reader may be dropped by its user at any time. So
 * once the connection is gone ({@link #leavePool}), what is left moves to a buffer that the garbage
 * collector takes care of.
 */
final class StreamBuffer {
  private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
  private boolean pooled = true;

  int size() {
    return bytes.readableBytes();
  }

  /** Appends {@code data}, which is this buffer's from now on. */
  void add(ByteBuf data) {
    if (size() == 0) {
      clear();
      bytes = data;
      if (!pooled) {
        leavePool();
      }
      return;
    }
    ByteBuf before = bytes;
    if (before.isReadOnly()
        || before.refCnt() > 1
        || before.writableBytes() < data.readableBytes()) {
      int total = before.readableBytes() + data.readableBytes();
      int capacity = Math.max(total, Math.min(2 * total, total + (1 << 20)));
      boolean fromPool = pooled && !before.hasArray(); // what is fed by hand is on the heap
      ByteBuf larger = fromPool ? before.alloc().buffer(capacity) : Unpooled.buffer(capacity);
      larger.writeBytes(before);
      before.release();
      bytes = larger;
    }
    bytes.writeBytes(data);
    data.release();
  }

  /** Index of the first {@code value} at or after {@code from}; -1 if there is none. */
  int indexOf(byte value, int from) {
    int count = size() - from;
    if (count <= 0) {
      return -1;
    }
    ByteBuf here = bytes;
    int found = here.bytesBefore(here.readerIndex() + from, count, value);
    return found < 0 ? -1 : from + found;
  }

  /** Whether {@code what} stands at {@code index}. */
  boolean matches(byte[] what, int index) {
    if (index + what.length > size()) {
      return false;
    }
    ByteBuf here = bytes;
    for (int i = 0; i < what.length; i++) {
      if (here.getByte(here.readerIndex() + index + i) != what[i]) {
        return false;
      }
    }
    return true;
  }

  /** Takes the first {@code count} bytes out. */
  byte[] take(int count) {
    byte[] taken = new byte[count];
    if (count > 0) {
      bytes.readBytes(taken);
      clearIfEmpty();
    }
    return taken;
  }

  void takeInto(byte[] target, int offset, int count) {
    if (count > 0) {
      bytes.readBytes(target, offset, count);
      clearIfEmpty();
    }
  }

  /** Takes all out, as it is; the caller releases it. */
  ByteBuf takeAll() {
    ByteBuf all = bytes;
    bytes = Unpooled.EMPTY_BUFFER;
    return all;
  }

  void skip(int count) {
    if (count > 0) {
      bytes.skipBytes(count);
      clearIfEmpty();
    }
  }

  private void clearIfEmpty() {
    if (!bytes.isReadable()) {
      clear();
    }
  }

  void clear() {
    bytes.release(); // does nothing to the empty one
    bytes = Unpooled.EMPTY_BUFFER;
  }

  /** Puts what was taken out back in front of the rest. */
  void putBack(byte[] taken) {
    if (taken.length > 0) {
      ByteBuf rest = takeAll();
      add(Unpooled.copiedBuffer(taken));
      add(rest);
    }
  }

  /** The connection is gone: keeps nothing that has to be given back. */
  void leavePool() {
    pooled = false;
    ByteBuf before = bytes;
    bytes = Unpooled.copiedBuffer(before);
    before.release();
  }
}
