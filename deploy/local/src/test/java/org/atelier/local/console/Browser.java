package org.atelier.local.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A Chromium without a window. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

    private final ChromeDriver driver;

    /** @param profile an empty folder */
    Browser(Path chromium, Path chromedriver, Path profile) {
        var options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        // No sandbox: it needs more rights than root has in a container, and only this project's own pages are opened.
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--force-device-scale-factor=1", "--user-data-dir=" + profile);
        options.setCapability("goog:loggingPrefs", Map.of("browser", "ALL"));
        driver = new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(chromedriver.toFile())
                .build(),
                options);
        size(1280, 900);
    }

    /** A program of this machine, if it is there. */
    static Optional<Path> program(String name) {
        return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    void size(int width, int height) {
        driver.manage().window().setSize(new Dimension(width, height));
    }

    void open(URI page) {
        driver.get(page.toString());
    }

    /** Waits until something is there, and gives it. */
    WebElement find(String css) {
        return new WebDriverWait(driver, PATIENCE).until(browser -> browser.findElements(By.cssSelector(css)).stream()
                .filter(WebElement::isDisplayed).findFirst().orElse(null));
    }

    /** What is there now. */
    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /** Waits until the page shows a text. */
    void awaitText(String text) {
        new WebDriverWait(driver, PATIENCE).withMessage(() -> "no \"" + text + "\" in: " + text()).until(
                browser -> text()
                        .contains(text));
    }

    /** All text that the page shows. */
    String text() {
        return String.valueOf(run("return document.body.innerText"));
    }

    /** Waits until every picture of the page is loaded, and says how many there are. */
    long pictures() {
        new WebDriverWait(driver, PATIENCE).until(browser -> Boolean.TRUE.equals(run(
                "return [...document.images].every(image => image.complete && image.naturalWidth > 0)")));
        return (Long) run("return document.images.length");
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    void click(String css) {
        find(css).click();
    }

    void choose(String css, String value) {
        run("arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change', {bubbles: true}));"
                + "arguments[0].dispatchEvent(new Event('input', {bubbles: true}))", find(css), value);
    }

    void theme(String name) {
        run("document.documentElement.dataset.theme = arguments[0]", name);
    }

    /** What is wrong for people who do not see, or do not use a mouse, by the rules of axe-core; each with where. */
    List<String> barriers() {
        run(resource(AXE));
        @SuppressWarnings("unchecked")
        var found = (List<String>) driver.executeAsyncScript(
                """
                        const done = arguments[arguments.length - 1];
                        axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}).then(result => done(
                          result.violations.map(each => each.id + ': ' + each.nodes.map(node => node.html).join(' | '))))""");
        return found;
    }

    /** What the browser complained about since the last time. */
    List<String> complaints() {
        return driver.manage().logs().get("browser").getAll().stream().map(Object::toString).toList();
    }

    byte[] screenshot() {
        return driver.getScreenshotAs(OutputType.BYTES);
    }

    private static String resource(String name) {
        try (var in = Browser.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
