package dev.lariat.examples.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.examples.Program;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The file server as a program, and real clients: curl, the JDK's, and what no client would send.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileServerTest {
  private static final byte[] LARGE = new byte[3_000_000];
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir static Path directory;
  private static Program server;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.createDirectories(root.resolve("sub/deep"));
    Files.createDirectories(root.resolve("site"));
    Files.writeString(root.resolve("hello.txt"), "Hello, world");
    Files.writeString(root.resolve("empty"), "");
    Files.writeString(root.resolve("FILM.MP4"), "");
    Files.writeString(root.resolve("sub/a & b <ü>.html"), "<p>ü</p>");
    Files.writeString(root.resolve("site/index.html"), "<h1>Index</h1>");
    new Random(1).nextBytes(LARGE);
    Files.write(root.resolve("large.bin"), LARGE);
    Files.writeString(directory.resolve("secret.txt"), "secret");
    Files.createSymbolicLink(root.resolve("leak.txt"), directory.resolve("secret.txt"));
    Files.createSymbolicLink(root.resolve("inner.txt"), Path.of("hello.txt"));
    Files.createSymbolicLink(root.resolve("site/sub"), root.resolve("sub"));
    new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start().waitFor();
    server = Program.start(FileServer.class, root.toString(), "0");
    port = server.awaitNumber("http://127.0.0.1:");
  }

  @AfterAll
  static void end() throws Exception {
    server.typeCtrlC();
    assertThat(server.awaitEnd()).isEqualTo(130);
    assertThat(server.lines()).noneMatch(line -> line.contains("Exception"));
    server.close();
  }

  private static String url(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  private static byte[] curlBytes(String... arguments) throws Exception {
    boolean there =
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "curl")));
    Assumptions.assumeTrue(
        there,
        () -> {
          System.out.println("skipped: curl is not installed here");
          return "curl is not installed here";
        });
    List<String> command = new ArrayList<>(List.of("curl", "--silent", "--show-error"));
    command.addAll(List.of(arguments));
    Process curl =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    byte[] output = curl.getInputStream().readAllBytes();
    assertThat(curl.waitFor()).isZero();
    return output;
  }

  private static String curl(String... arguments) throws Exception {
    return new String(curlBytes(arguments), ISO_8859_1);
  }

  private static HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(path)));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  /** Sends bytes as they are, and reads until the server closes. */
  private static String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  private static String rawGet(String target) throws IOException {
    return raw("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  }

  // -- files -------------------------------------------------------------------------------------

  @Test
  @DisplayName("curl gets a file, whole, and its type")
  void file() throws Exception {
    assertThat(curlBytes(url("/large.bin"))).isEqualTo(LARGE);
    String answer = curl("--include", url("/hello.txt"));
    assertThat(answer)
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("\r\nContent-Type: text/plain; charset=utf-8\r\n")
        .contains("\r\nContent-Length: 12\r\n")
        .containsPattern(
            "\r\nLast-Modified: \\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\r\n")
        .containsPattern("\r\nETag: \"[0-9a-f-]+\"\r\n")
        .endsWith("\r\n\r\nHello, world");
    assertThat(get("/empty").body()).isEmpty();
    assertThat(get("/FILM.MP4").headers().firstValue("Content-Type")).contains("video/mp4");
    assertThat(get("/inner.txt").body()).as("a link inside the root").isEqualTo("Hello, world");
  }

  @Test
  @DisplayName("curl uses one connection for several files, also after HEAD")
  void keepAlive() throws Exception {
    String connects = "%{num_connects} %{http_code}\n";
    assertThat(
            curl(
                "--output",
                "/dev/null",
                "--output",
                "/dev/null",
                "--write-out",
                connects,
                url("/hello.txt"),
                url("/missing")))
        .isEqualTo("1 200\n0 404\n");
    String heads = curl("--head", url("/hello.txt"), url("/empty"));
    assertThat(heads).contains("Content-Length: 12\r\n", "Content-Length: 0\r\n");
    assertThat(heads).doesNotContain("Hello").contains("Connection: keep-alive");
  }

  @Test
  @DisplayName("requests that come at once are answered in order; HTTP/1.0 is closed after one")
  void pipelined() throws Exception {
    String one = "GET /hello.txt HTTP/1.1\r\nHost: x\r\n\r\n";
    String last = "GET /inner.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    assertThat(raw(one + one + last).split("Hello, world", -1)).hasSize(4);
    assertThat(raw("GET /hello.txt HTTP/1.0\r\n\r\n")).endsWith("Hello, world");
  }

  @ParameterizedTest
  @CsvSource({
    "0-4, 206, Hello, bytes 0-4/12",
    "7-, 206, world, bytes 7-11/12",
    "-3, 206, rld, bytes 9-11/12",
    "5-999, 206, ', world', bytes 5-11/12",
    "-999, 206, 'Hello, world', bytes 0-11/12",
  })
  @DisplayName("a range of bytes")
  void range(String range, int status, String body, String header) throws Exception {
    HttpResponse<String> answer = get("/hello.txt", "Range", "bytes=" + range);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.headers().firstValue("Content-Range")).contains(header);
  }

  @Test
  @DisplayName("ranges that cannot be are 416; what is no single range of bytes is ignored")
  void rangesThatAreNone() throws Exception {
    for (String range : List.of("12-", "99-100", "-0")) {
      HttpResponse<String> answer = get("/hello.txt", "Range", "bytes=" + range);
      assertThat(answer.statusCode()).as(range).isEqualTo(416);
      assertThat(answer.headers().firstValue("Content-Range")).contains("bytes */12");
    }
    for (String range : List.of("bytes=0-1,3-4", "bytes=-", "lines=1-2", "bytes=5-2")) {
      assertThat(get("/hello.txt", "Range", range).statusCode()).as(range).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("curl resumes a download, and starts over if the file is another one by now")
  void resume() throws Exception {
    Path part = directory.resolve("part.bin");
    Files.write(part, Arrays.copyOf(LARGE, 1_000_001));
    curl("--continue-at", "-", "--output", part.toString(), url("/large.bin"));
    assertThat(Files.readAllBytes(part)).isEqualTo(LARGE);
    String tag = get("/hello.txt").headers().firstValue("ETag").orElseThrow();
    assertThat(get("/hello.txt", "Range", "bytes=0-1", "If-Range", tag).statusCode())
        .isEqualTo(206);
    assertThat(get("/hello.txt", "Range", "bytes=0-1", "If-Range", "\"x\"").statusCode())
        .isEqualTo(200);
  }

  @Test
  @DisplayName("curl does not get again what has not changed")
  void notModified() throws Exception {
    Path file = directory.resolve("root/changing.txt");
    Files.writeString(file, "one");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2024-05-06T07:08:09.5Z")));
    String tag = get("/changing.txt").headers().firstValue("ETag").orElseThrow();
    assertThat(get("/changing.txt", "If-None-Match", "\"y\", W/" + tag).statusCode())
        .isEqualTo(304);
    String date = "Mon, 06 May 2024 07:08:09 GMT";
    assertThat(get("/changing.txt").headers().firstValue("Last-Modified")).contains(date);
    assertThat(get("/changing.txt", "If-Modified-Since", date).statusCode()).isEqualTo(304);
    assertThat(get("/changing.txt", "If-Modified-Since", "nonsense").statusCode()).isEqualTo(200);
    String status = curl("-o", "/dev/null", "-w", "%{http_code}", "-z", date, url("/changing.txt"));
    assertThat(status).isEqualTo("304");

    Files.writeString(file, "two");
    assertThat(get("/changing.txt", "If-None-Match", tag).body()).isEqualTo("two");
    assertThat(get("/changing.txt", "If-Modified-Since", date).body()).isEqualTo("two");
  }

  // -- directories -------------------------------------------------------------------------------

  @Test
  @DisplayName("a directory is a page with links that work, or its index.html")
  void directories() throws Exception {
    HttpResponse<String> moved = get("/sub");
    assertThat(moved.statusCode()).isEqualTo(301);
    assertThat(moved.headers().firstValue("Location")).contains("/sub/");
    String page = get("/sub/").body();
    assertThat(page)
        .contains("<a href=\"../\">", "<a href=\"deep/\">deep/</a>")
        .contains("<a href=\"a%20%26%20b%20%3C%C3%BC%3E.html\">a &amp; b &lt;ü>.html</a>");
    assertThat(page.indexOf("deep/")).isLessThan(page.indexOf("a%20"));
    assertThat(get("/sub/a%20%26%20b%20%3C%C3%BC%3E.html").body()).isEqualTo("<p>ü</p>");
    assertThat(get("/").body())
        .contains("hello.txt", "inner.txt")
        .as("nothing that would not be found")
        .doesNotContain("../", "leak.txt", "pipe");
    assertThat(get("/site/").body()).isEqualTo("<h1>Index</h1>");
  }

  // -- what must not be --------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../secret.txt",
        "/sub/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "//etc/passwd",
        "/%2Fetc%2Fpasswd",
        "/leak.txt",
        "/missing",
        "/hello.txt/",
        "/hello.txt/more",
        "/pipe",
        "/a%00b",
        "http://x/../secret.txt",
      })
  @DisplayName("what is not below the root, and no file, is not found")
  void notFound(String target) throws Exception {
    assertThat(rawGet(target)).startsWith("HTTP/1.1 404 ").doesNotContain("secret", "root:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /%ff HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /% HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET hello.txt HTTP/1.1\r\nHost: x\r\n\r\n",
        "\u0016\u0003\u0001\u0002 TLS\r\n\r\n",
      })
  @DisplayName("what is no request is refused")
  void badRequests(String request) throws Exception {
    assertThat(raw(request)).startsWith("HTTP/1.1 400 ").contains("\r\nConnection: close\r\n");
  }

  @Test
  @DisplayName("other methods, another version, a head that is too long; a body is not a request")
  void refused() throws Exception {
    String post = curl("--include", "--data", "GET /hello.txt HTTP/1.1\r\n\r\n", url("/hello.txt"));
    assertThat(post).startsWith("HTTP/1.1 405 ").contains("\r\nAllow: GET, HEAD\r\n");
    assertThat(post).doesNotContain("Hello");
    assertThat(raw("GET / HTTP/2.0\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 505 ");
    assertThat(raw("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
    assertThat(rawGet("http://127.0.0.1/hello.txt?x#y")).endsWith("Hello, world");
  }

  @Test
  @DisplayName("STR-8 one that reads slowly holds nobody else up")
  void slowReader() throws Exception {
    try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), port)) {
      slow.getOutputStream()
          .write("GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
      InputStream in = slow.getInputStream();
      assertThat(in.read()).isEqualTo('H');
      assertThat(get("/hello.txt").body()).isEqualTo("Hello, world");
      byte[] rest = in.readNBytes(LARGE.length);
      assertThat(rest).hasSize(LARGE.length);
    }
  }
}
