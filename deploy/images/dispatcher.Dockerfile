# For those who prefer Docker to `mvn -Pimages package`. Build first: mvn -DskipTests package; then, in the project's folder:
#   docker build -f deploy/images/dispatcher.Dockerfile -t atelier/dispatcher:0.1.0-SNAPSHOT .
FROM eclipse-temurin:21-jre
COPY dispatcher/target/lib/ /opt/atelier/lib/
COPY dispatcher/target/atelier-dispatcher.jar /opt/atelier/
USER 10001:10001
ENV HOME=/tmp
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s --retries=6 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["java", "-XX:+ExitOnOutOfMemoryError", "-cp", "/opt/atelier/atelier-dispatcher.jar:/opt/atelier/lib/*", "org.atelier.dispatcher.DispatcherMain"]
