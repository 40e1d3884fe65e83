package dev.lariat.gio.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import java.util.Set;
import org.gnome.gio.AsyncReadyCallback;
import org.gnome.gio.Cancellable;
import org.gnome.gio.File;
import org.gnome.gio.FileCreateFlags;
import org.gnome.gio.InputStream;
import org.gnome.gio.OutputStream;
import org.gnome.gio.OutputVector;
import org.javagi.base.Out;
import org.javagi.base.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * The operations that work on the caller's bytes, which have to stay where they are until the end.
 * java-gi would free them as soon as the operation has begun. Here they are the {@link
 * Operation}'s.
 */
@SuppressWarnings("restricted") // functions, called as java-gi does
public final class Buffers {
  /** Of all streams': the stream, what, how much, priority, cancellable, callback, data. */
  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);

  private static final SymbolLookup GIO = SymbolLookup.libraryLookup(libraryName(), Arena.global());

  private static final MethodHandle WRITE = function("g_output_stream_write_async");
  private static final MethodHandle WRITE_ALL = function("g_output_stream_write_all_async");
  private static final MethodHandle WRITEV = function("g_output_stream_writev_async");
  private static final MethodHandle WRITEV_ALL = function("g_output_stream_writev_all_async");
  private static final MethodHandle READ = function("g_input_stream_read_async");
  private static final MethodHandle READ_ALL = function("g_input_stream_read_all_async");

  private static final MethodHandle REPLACE_CONTENTS =
      Linker.nativeLinker()
          .downcallHandle(
              GIO.findOrThrow("g_file_replace_contents_async"),
              FunctionDescriptor.ofVoid(
                  ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS,
                  ADDRESS));

  private Buffers() {}

  private static String libraryName() {
    String name = System.mapLibraryName("gio-2.0");
    return name.endsWith(".so") ? name + ".0" : name.replaceFirst("(?=\\.dylib$)", ".0");
  }

  private static MethodHandle function(String name) {
    return Linker.nativeLinker().downcallHandle(GIO.findOrThrow(name), TYPE);
  }

  private static void begin(
      MethodHandle function,
      Proxy stream,
      MemorySegment what,
      long count,
      int priority,
      @Nullable Cancellable cancellable,
      Operation<?> operation) {
    MemorySegment cancels = cancellable == null ? MemorySegment.NULL : cancellable.handle();
    MemorySegment callback = operation.toCallback();
    try {
      function.invokeExact(
          stream.handle(), what, count, priority, cancels, callback, MemorySegment.NULL);
    } catch (Throwable e) {
      throw e instanceof Error error ? error : new AssertionError(e);
    }
  }

  private static MemorySegment copy(byte[] bytes, Operation<?> operation) {
    MemorySegment copy = operation.data().allocate(Math.max(bytes.length, 1)); // not a null pointer
    MemorySegment.copy(bytes, 0, copy, JAVA_BYTE, 0, bytes.length);
    return copy;
  }

  // -- writing -----------------------------------------------------------------------------------

  /**
   * Begins {@code g_output_stream_write_async}.
   *
   * @param self the stream
   * @param bytes what to write; copied
   * @param priority the priority
   * @param cancellable what cancels it
   * @param callback the operation
   */
  public static void write(
      OutputStream self,
      byte[] bytes,
      int priority,
      @Nullable Cancellable cancellable,
      AsyncReadyCallback callback) {
    write(WRITE, self, bytes, priority, cancellable, callback);
  }

  /**
   * Begins {@code g_output_stream_write_all_async}.
   *
   * @param self the stream
   * @param bytes what to write; copied
   * @param priority the priority
   * @param cancellable what cancels it
   * @param callback the operation
   */
  public static void writeAll(
      OutputStream self,
      byte[] bytes,
      int priority,
      @Nullable Cancellable cancellable,
      AsyncReadyCallback callback) {
    write(WRITE_ALL, self, bytes, priority, cancellable, callback);
  }

  private static void write(
      MethodHandle function,
      OutputStream self,
      byte[] bytes,
      int priority,
      @Nullable Cancellable cancellable,
      AsyncReadyCallback callback) {
    Operation<?> operation = (Operation<?>) callback;
    MemorySegment copy = copy(bytes, operation);
    begin(function, self, copy, bytes.length, priority, cancellable, operation);
  }

  /**
   * Begins {@code g_output_stream_writev_async}.
   *
   * @param self the stream
   * @param vectors what to write; what they point to is the caller's
   * @param priority the priority
   * @param cancellable what cancels it
   * @param callback the operation
   */
  public static void writev(
      OutputStream self,
      OutputVector[] vectors,
      int priority,
      @Nullable Cancellable cancellable,
      AsyncReadyCallback callback) {
    writev(WRITEV, self, vectors, priority, cancellable, callback);
  }

  /**
   * Begins {@code g_output_stream_writev_all_async}.
   *
   * @param self the stream
   * @param vectors what to write; what they point to is the caller's
   * @param priority the priority
   * @param cancellable what cancels it
   * @param callback the operation
   */
  public static void writevAll(
      OutputStream self,
      OutputVector[] vectors,
      int priority,
      @Nullable Cancellable cancellable,
      AsyncReadyCallback callback) {
    writev(WRITEV_ALL, self, vectors, priority, cancellable, callback);
  }

  private static void writev(
      MethodHandle function,
      OutputStream self,
      OutputVector[] vectors,
      int priority,
      @Nullable Cancellable cancellable,
      AsyncReadyCallback callback) {
    Operation<?> operation = (Operation<?>) callback;
    MemorySegment copy = operation.data().allocate(ADDRESS, 2L * vectors.length);
    for (int i = 0; i < vectors.length; i++) {
      copy.setAtIndex(ADDRESS, 2L * i, vectors[i].readBuffer());
      copy.setAtIndex(JAVA_LONG, 2L * i + 1, vectors[i].readSize());
    }
    operation.atEnd(() -> Objects.requireNonNull(vectors)); // they live until then
    begin(function, self, copy, vectors.length, priority, cancellable, operation);
  }

  /**
   * Begins {@code g_file_replace_contents_async}; also instead of its twin for GBytes, which never
   * ends where there are none.
   *
   * @param self the file
   * @param contents the contents; copied
   * @param etag the entity tag that the file must have, or null
   * @param makeBackup whether to keep the old file
   * @param flags how to create the file
   * @param cancellable what cancels it
   * @param callback the operation
   */
  public static void replaceContents(
      File self,
      byte[] contents,
      @Nullable String etag,
      boolean makeBackup,
      Set<FileCreateFlags> flags,
      @Nullable Cancellable cancellable,
      AsyncReadyCallback callback) {
    Operation<?> operation = (Operation<?>) callback;
    MemorySegment copy = copy(contents, operation);
    MemorySegment tag = etag == null ? MemorySegment.NULL : operation.data().allocateFrom(etag);
    int flagBits = flags.stream().mapToInt(FileCreateFlags::getValue).reduce(0, (x, y) -> x | y);
    MemorySegment cancels = cancellable == null ? MemorySegment.NULL : cancellable.handle();
    try {
      REPLACE_CONTENTS.invokeExact(
          self.handle(),
          copy,
          (long) contents.length,
          tag,
          makeBackup ? 1 : 0,
          flagBits,
          cancels,
          operation.toCallback(),
          MemorySegment.NULL);
    } catch (Throwable e) {
      throw e instanceof Error error ? error : new AssertionError(e);
    }
  }

  /**
   * Begins {@code g_file_replace_contents_async}; also instead of its twin for GBytes, which never
   * ends where there are none.
   *
   * @param self the file
   * @param contents the contents; copied
   * @param etag the entity tag that the file must have, or null
   * @param makeBackup whether to keep the old file
   * @param flags how to create the file
   * @param cancellable what cancels it
   * @param callback the operation
   */
  public static void replaceContents(
      File self,
      byte[] contents,
      @Nullable String etag,
      boolean makeBackup,
      FileCreateFlags flags,
      @Nullable Cancellable cancellable,
      AsyncReadyCallback callback) {
    replaceContents(self, contents, etag, makeBackup, Set.of(flags), cancellable, callback);
  }

  // -- reading -----------------------------------------------------------------------------------

  /**
   * Begins {@code g_input_stream_read_async}.
   *
   * @param self the stream
   * @param buffer holds the array to read into
   * @param priority the priority
   * @param cancellable what cancels it
   * @param callback the operation
   */
  public static void read(
      InputStream self,
      Out<byte[]> buffer,
      int priority,
      @Nullable Cancellable cancellable,
      AsyncReadyCallback callback) {
    read(READ, self, buffer, priority, cancellable, callback);
  }

  /**
   * Begins {@code g_input_stream_read_all_async}.
   *
   * @param self the stream
   * @param buffer holds the array to read into
   * @param priority the priority
   * @param cancellable what cancels it
   * @param callback the operation
   */
  public static void readAll(
      InputStream self,
      Out<byte[]> buffer,
      int priority,
      @Nullable Cancellable cancellable,
      AsyncReadyCallback callback) {
    read(READ_ALL, self, buffer, priority, cancellable, callback);
  }

  private static void read(
      MethodHandle function,
      InputStream self,
      Out<byte[]> buffer,
      int priority,
      @Nullable Cancellable cancellable,
      AsyncReadyCallback callback) {
    byte[] target =
        Objects.requireNonNull(
            buffer.get(), "the buffer is empty: give it an array, new Out<>(new byte[4096])");
    Operation<?> operation = (Operation<?>) callback;
    MemorySegment read = copy(target, operation); // what is not read into is to stay as it was
    operation.atEnd(() -> MemorySegment.copy(read, JAVA_BYTE, 0, target, 0, target.length));
    begin(function, self, read, target.length, priority, cancellable, operation);
  }
}
