package dev.lariat.examples.http;

/** A request that cannot be answered otherwise than by a status. */
final class HttpException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  HttpException(int status, String why) {
    super(why);
    this.status = status;
  }

  int status() {
    return status;
  }
}
