package dev.lariat.gio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.gio.gdkpixbuf.PixbufAwait;
import dev.lariat.testkit.Needs;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import javax.imageio.ImageIO;
import org.gnome.gdkpixbuf.Pixbuf;
import org.gnome.gio.InputStream;
import org.gnome.gio.MemoryInputStream;
import org.gnome.gio.MemoryOutputStream;
import org.javagi.base.GErrorException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** GLIB-4: the operations of GdkPixbuf, on real pictures. */
class PicturesTest extends GioTest {
  private static final int ORANGE = 0xff8800;

  @BeforeAll
  static void needsGdkPixbuf() {
    Needs.library("libgdk_pixbuf-2.0.so.0", "tools/system-packages gtk");
  }

  /** A picture in a file, 40 by 30, one pixel of which is orange. */
  private InputStream picture() throws Exception {
    BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    image.setRGB(7, 5, ORANGE);
    ImageIO.write(image, "png", directory.resolve("picture.png").toFile());
    return FileAwait.read(file("picture.png"), PRIORITY);
  }

  @Test
  @DisplayName("GLIB-4 a picture is read from a stream, also to another scale")
  void reads() {
    run(() -> {
      Pixbuf pixbuf = PixbufAwait.newFromStream(picture());
      assertThat(pixbuf.getWidth()).isEqualTo(40);
      assertThat(pixbuf.getHeight()).isEqualTo(30);
      Pixbuf small = PixbufAwait.newFromStreamAtScale(picture(), 20, 20, true);
      assertThat(small.getWidth()).isEqualTo(20);
      assertThat(small.getHeight()).isEqualTo(15);
    });
  }

  @Test
  @DisplayName("GLIB-4 a picture is written to a stream, to the pixel")
  void writes() {
    run(() -> {
      Pixbuf pixbuf = PixbufAwait.newFromStream(picture());
      MemoryOutputStream stream = (MemoryOutputStream) MemoryOutputStream.resizable();
      assertThat(PixbufAwait.saveToStreamv(pixbuf, stream, "png", null, null)).isTrue();
      OutputStreamAwait.close(stream, PRIORITY);
      BufferedImage copy = ImageIO.read(new ByteArrayInputStream(stream.stealAsBytes()));
      assertThat(copy.getWidth()).isEqualTo(40);
      assertThat(copy.getRGB(7, 5) & 0xffffff).isEqualTo(ORANGE);
      assertThat(copy.getRGB(8, 5) & 0xffffff).isZero();
    });
  }

  @Test
  @DisplayName("GLIB-4 the size of a picture comes as a record; there is none of no picture")
  void info() {
    run(() -> {
      picture();
      PixbufAwait.GetFileInfo info =
          PixbufAwait.getFileInfo(directory.resolve("picture.png").toString());
      assertThat(info.width()).isEqualTo(40);
      assertThat(info.height()).isEqualTo(30);
    });
  }

  @Test
  @DisplayName("GLIB-4 what is no picture gives GdkPixbuf's error")
  void broken() {
    run(() ->
        assertThatThrownBy(() ->
                PixbufAwait.newFromStream(
                    MemoryInputStream.fromBytes("no picture".getBytes(UTF_8))))
            .isInstanceOf(GErrorException.class)
            .hasMessageContaining("image"));
  }
}
