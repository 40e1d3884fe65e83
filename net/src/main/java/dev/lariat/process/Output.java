package dev.lariat.process;

import java.nio.charset.StandardCharsets;

/** What a child wrote: the pair that {@code Process.communicate} of asyncio returns. */
public final class Output {
  private final byte[] stdout;
  private final byte[] stderr;

  Output(byte[] stdout, byte[] stderr) {
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** {@return what it wrote to its standard output; nothing if that is no pipe} */
  public byte[] stdout() {
    return stdout;
  }

  /** {@return what it wrote to its standard error; nothing if that is no pipe} */
  public byte[] stderr() {
    return stderr;
  }

  /** {@return its standard output as text, in UTF-8} */
  public String stdoutText() {
    return new String(stdout, StandardCharsets.UTF_8);
  }

  /** {@return its standard error as text, in UTF-8} */
  public String stderrText() {
    return new String(stderr, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "Output[" + stdout.length + " bytes, errors: " + stderr.length + " bytes]";
  }
}
