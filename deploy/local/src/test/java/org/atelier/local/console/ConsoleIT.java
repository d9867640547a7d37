package org.atelier.local.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.imageio.ImageIO;

import org.atelier.common.artifact.Digest;
import org.atelier.common.client.AtelierClient;
import org.atelier.common.client.JobNotSucceededException;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.Source;
import org.atelier.common.json.Json;
import org.atelier.dispatcher.cli.DispatcherClient;
import org.atelier.local.fleet.FleetOptions;
import org.atelier.local.fleet.Installation;
import org.atelier.local.fleet.LocalFleet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The console in a real browser, over a fleet with a real worker. Each page is walked through as a user would, is held against
 * the rules of axe-core, and complains about nothing. With {@code -Datelier.screenshots=DIR} the pages are saved.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int LONG_EDIT = 80;
    private static final String EDITED = "a person with round glasses";

    @TempDir
    private static Path folder;

    private static LocalFleet fleet;
    private static Browser browser;
    private static String edit = "";

    @BeforeAll
    static void start() throws InterruptedException {
        var chromium = Browser.program("chromium");
        var chromedriver = Browser.program("chromedriver");
        Assumptions.assumeTrue(chromium.isPresent() && chromedriver.isPresent(),
                "the console is not tested here: no chromium and chromedriver on the PATH (apt-get install chromium chromium-driver)");
        var installation = Installation.ofThisProcess();
        fleet = LocalFleet.openTemporary(installation, FleetOptions.DEFAULT);
        fleet.addWorker("worker-1");
        fleet.start(installation.home().resolve("models/avatar-128"));
        browser = new Browser(chromium.get(), chromedriver.get(), folder.resolve("profile"));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (fleet != null) {
            fleet.close();
        }
    }

    private static URI page(String hash) {
        return fleet.dispatcher().url().resolve("/#" + hash);
    }

    /** Looks at the page that is open: in both themes, on a wide and on a narrow screen. */
    private static void look(String name) throws Exception {
        assertThat(browser.complaints()).as(name).isEmpty();
        assertThat(browser.barriers()).as("%s, light", name).isEmpty();
        save(name);
        browser.theme("dark");
        assertThat(browser.barriers()).as("%s, dark", name).isEmpty();
        save(name + "-dark");
        browser.size(420, 900);
        assertThat((Boolean) browser.run("return document.documentElement.scrollWidth <= innerWidth + 1")).as(
                "%s fits a telephone", name).isTrue();
        save(name + "-narrow");
        browser.size(1280, 900);
        browser.theme("light");
        // What the checks themselves made the browser say is nobody's fault.
        browser.complaints();
    }

    private static void save(String name) throws Exception {
        var screenshots = Optional.ofNullable(System.getProperty("atelier.screenshots")).filter(text -> !text
                .isEmpty());
        if (screenshots.isPresent()) {
            var picture = ImageIO.read(new ByteArrayInputStream(browser.screenshot()));
            ImageIO.write(picture, "jpg", Files.createDirectories(Path.of(screenshots.get())).resolve("console-" + name
                    + ".jpg").toFile());
        }
    }

    @Test
    @Order(1)
    void theModelsPageShowsFacesAndPresets() throws Exception {
        browser.open(page("/models"));
        browser.awaitText("avatar-128@3");

        browser.find("section button").click();
        browser.find(".faces figure");

        assertThat(browser.pictures()).isGreaterThan(12);
        assertThat(browser.text()).contains("stylegan2", "Preset for optimize");
        look("models");
    }

    @Test
    @Order(2)
    void anEditIsSubmittedWatchedAndCompared() throws Exception {
        browser.open(page("/submit"));
        browser.find(".faces button[data-seed='8']").click();
        browser.choose("input[maxlength='1000']", EDITED);
        assertThat(Json.mapper().readTree(String.valueOf(browser.run(
                "return document.querySelector('textarea').value"))).path("request")).isEqualTo(Json.tree(Map.of("type",
                        "optimize", "bundle", "avatar-128@3", "source", Map.of("seed", 8), "prompt", EDITED, "mode",
                        "best")));
        look("submit");

        // By hand, and long enough for several heartbeats, which are what brings previews.
        browser.choose("textarea", Json.text(Map.of("request", Map.of("type", "optimize", "bundle", "avatar-128@3",
                "source", Map.of("seed", 8), "prompt", EDITED, "mode", "best", "steps", LONG_EDIT, "preview_every",
                5))));
        browser.click("button[type=submit]");
        browser.awaitText("Step ");
        browser.find(".preview img");
        browser.find(".compare");

        browser.awaitText("succeeded");
        assertThat(browser.pictures()).isGreaterThanOrEqualTo(3);
        assertThat(browser.text()).contains(EDITED, "Lineage", "after.png", "It succeeded after " + LONG_EDIT
                + " steps.").doesNotContain("to go.");
        assertThat(browser.all("svg.chart path")).as("losses").isNotEmpty();
        browser.choose(".compare input", "20");
        assertThat(browser.find(".compare").getDomAttribute("style")).contains("20%");
        edit = String.valueOf(browser.run("return location.hash.slice(7)"));
        look("job");
    }

    @Test
    @Order(3)
    void aHandleMovesThroughStrengths() throws Exception {
        browser.open(page("/try"));
        browser.find(".faces button[data-seed='85']").click();
        browser.click("button[type=submit]");
        browser.find("figure.compare");

        browser.choose("figure.compare input", "6");

        browser.awaitText("strength 1.8");
        browser.pictures();
        look("strengths");
    }

    @Test
    @Order(4)
    void whatFailedIsExplainedAndReplayed() throws Exception {
        try (var atelier = AtelierClient.at(fleet.dispatcher().url())) {
            var nowhere = new Source.Latent(Digest.of(new byte[]{1}));
            var job = atelier.submit(OptimizeRequest.of("avatar-128", nowhere, "a smile"));
            assertThatThrownBy(job::await).isInstanceOf(JobNotSucceededException.class);

            browser.open(page("/failed"));
            browser.awaitText("INPUT_UNREADABLE");
            browser.click("input[type=checkbox]");
            browser.click("button:not(.primary):not(.quiet)");
            browser.awaitText("1 job would run again");
            browser.click("main button.primary");
            browser.awaitText("1 job runs again");

            await().atMost(LONG).untilAsserted(() -> assertThat(job.view().run()).isEqualTo(2));
            assertThatThrownBy(job::await).hasMessageContaining(job.id() + "/2");
        }
        browser.awaitText("INPUT_UNREADABLE");
        look("failed");
    }

    @Test
    @Order(5)
    void jobsAreListedAndFiltered() throws Exception {
        browser.open(page("/jobs"));
        browser.awaitText(edit);
        browser.choose("select[name=type]", "generate");

        browser.awaitText("seeds 1, 2");
        assertThat(browser.text()).doesNotContain(edit);
        browser.open(page("/jobs"));
        browser.awaitText(edit);
        look("jobs");
    }

    @Test
    @Order(6)
    void theQueueShowsWhatWaitsAndWhoRuns() throws Exception {
        try (var client = new DispatcherClient(fleet.dispatcher().url())) {
            for (int seed = 1; seed <= 4; seed++) {
                client.submit(Json.tree(Map.of("request", Map.of("type", "optimize", "bundle", "avatar-128", "source",
                        Map.of("seed", seed), "prompt", List.of("a big smile", "afro hair").get(seed % 2), "steps",
                        150))), Optional.empty());
            }
        }
        browser.open(page("/"));
        browser.awaitText("worker-1");
        browser.awaitText("1 / 1");

        assertThat(browser.text()).contains("Jobs of default", "optimize", "Newest jobs");
        look("queue");
    }
}
