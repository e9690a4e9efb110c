"""A crawler as anybody would write it, for `scrapy runspider`: logs in, opens the urls of a file, and tells what it is shown."""
import scrapy


class MembersSpider(scrapy.Spider):
    name = "members"
    handle_httpstatus_list = [403, 429]
    custom_settings = {"REQUEST_FINGERPRINTER_IMPLEMENTATION": "2.7"}

    def __init__(self, portal, account, urls, address, **kwargs):
        super().__init__(**kwargs)
        self.portal = portal
        self.account = account
        self.urls = urls
        self.meta = {"bindaddress": (address, 0)}

    def start_requests(self):
        form = {"userName": self.account, "password": "demo"}
        yield scrapy.FormRequest(f"{self.portal}/login", formdata=form, meta=self.meta, callback=self.open_members)

    def open_members(self, _):
        with open(self.urls, encoding="utf-8") as urls:
            for url in urls.read().split():
                yield scrapy.Request(url, meta=self.meta, callback=self.tell)

    def tell(self, response):
        where = "confirm" if response.url.startswith(f"{self.portal}/confirm") else response.status
        yield {"answer": where, "member": response.xpath("//@data-member").get() or "none"}
